import { Router } from "@solidjs/router";
import { Provider } from "@urql/solid";
import type { ParentProps } from "solid-js";
import { render } from "solid-js/web";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { client } from "./data/client.ts";
import { LiveProvider } from "./data/live.tsx";
import { SelectionProvider } from "./data/selection.tsx";
import { navigation, Routes } from "./routes.tsx";
import { Shell } from "./ui/shell/Shell.tsx";

function Root(props: ParentProps) {
  return (
    <Provider value={client}>
      <LiveProvider>
        <SelectionProvider>
          <Shell groups={navigation}>{props.children}</Shell>
        </SelectionProvider>
      </LiveProvider>
    </Provider>
  );
}

const root = document.getElementById("app");
if (root) {
  render(
    () => (
      <Router root={Root}>
        <Routes />
      </Router>
    ),
    root,
  );
}
