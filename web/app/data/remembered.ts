/**
 * The account and region chosen last. A cookie, because the server's first view must be about the same ones; it says nothing
 * about who asks.
 */
const scopeCookie = "a2o-scope";
const year = 365 * 24 * 60 * 60;

export function scopeIn(cookies: string): string | undefined {
  const found = cookies.split("; ").find(cookie => cookie.startsWith(`${scopeCookie}=`));
  try {
    return found && decodeURIComponent(found.slice(scopeCookie.length + 1));
  } catch {
    // Somebody else wrote it.
    return undefined;
  }
}

export function rememberScope(scope: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs a secure context, and loopback may be none.
  document.cookie = `${scopeCookie}=${encodeURIComponent(scope)}; Path=/; SameSite=Lax; Max-Age=${year}${secure}`;
}

/** Choices of this browser that do not belong into an address. Storage can be switched off: then they last a page. */
export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Nothing to do: the choice lasts as long as the page.
  }
}
