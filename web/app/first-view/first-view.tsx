import { renderToString } from "solid-js/web";
import { App } from "../App.tsx";
import { createAsker, createGivenClient } from "../data/client.ts";
import { assessmentOverview, newestAssessments, newestFirst } from "../data/documents/assessments.ts";
import { scopeIn } from "../data/remembered.ts";
import { preferredOf } from "../data/selection.tsx";
import { givenElement } from "./given.ts";

/**
 * The Overview as a browser would show it after its first two answers, as HTML: it is seen before the script has come and
 * run, and inert until then. The page's own rendering, from the same answers, then takes its place.
 *
 * @param address path and query of the page
 * @param cookies of the request, for the account and region chosen last
 * @param ask sends a GraphQL request as who asks for the page
 * @returns undefined when there is nothing to show so early: none of the newest assessments, or an answer that is an error
 */
export async function renderFirstView(
  address: string,
  cookies: string,
  ask: typeof fetch,
): Promise<string | undefined> {
  const { searchParams } = new URL(address, "http://page");
  // The scale is the root element's, which is not part of this.
  if (searchParams.has("scale")) return undefined;
  const { client, answers } = createAsker(ask);
  const newest = await client.query(newestAssessments, {}).toPromise();
  if (newest.error || !newest.data) return undefined;
  const lastScope = scopeIn(cookies);
  const all = newestFirst(newest.data);
  const named = searchParams.get("assessment");
  const shown = named === null ? preferredOf(all, lastScope) : all.find(({ id }) => id === named);
  if (!shown) return undefined;
  const overview = await client.query(assessmentOverview, { id: shown.id }).toPromise();
  if (overview.error || !overview.data?.assessment) return undefined;
  const given = answers();
  const html = renderToString(() => <App client={createGivenClient(given)} lastScope={lastScope} url={address} />);
  return `<div id="app" inert>${html}</div>${givenElement(given)}`;
}
