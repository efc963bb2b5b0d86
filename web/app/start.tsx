import { render } from "solid-js/web";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { App } from "./App.tsx";
import { createClient } from "./data/client.ts";
import { scopeIn } from "./data/remembered.ts";
import { givenAnswers } from "./first-view/given.ts";

/** Takes the place of the server's first view, which looks the same; or of nothing. */
export function start(root: HTMLElement): void {
  const client = createClient(givenAnswers());
  root.replaceChildren();
  root.inert = false;
  render(() => <App client={client} lastScope={scopeIn(document.cookie)} />, root);
}
