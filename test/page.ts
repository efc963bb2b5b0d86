import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export interface PageOptions {
  width?: number;
  height?: number;
  dark?: boolean;
}

/** A page that collects what its console complains about, blocked content included. */
export async function newPage(
  browser: Browser,
  options: PageOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.dark ? "dark" : "light",
    locale: "en-GB",
    timezoneId: "UTC",
    acceptDownloads: true,
    // Colours change at once, so that they can be judged.
    reducedMotion: "reduce",
  });
  const complaints: string[] = [];
  page.on("console", message => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    complaints.push(`${message.text()} (${message.location().url}, on ${page.url()})`);
  });
  page.on("response", async response => {
    if (response.status() < 400) return;
    const asked = response.request().postData()?.slice(0, 100) ?? response.url();
    complaints.push(`${response.status()} to ${asked}: ${await response.text().catch(() => "no answer")}`);
  });
  page.on("pageerror", error => complaints.push(error.message));
  return { page, complaints };
}

/** Lets axe into every page that is opened from now on: the page's policy rightly refuses a script that the test brings. */
export async function letAxeIn(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setBypassCSP", { enabled: true });
}

/** What axe finds against WCAG 2.2 AA and good practice, in the page as it is. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate("typeof axe !== 'undefined'"))) await page.addScriptTag({ path: axePath });
  const found: unknown = await page.evaluate(
    "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')))",
  );
  return Array.isArray(found) ? found.map(String) : ["axe gave no list"];
}

export async function sidewaysScroll(page: Page): Promise<number> {
  return Number(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
}
