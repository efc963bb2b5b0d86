import { Route, Router } from "@solidjs/router";
import { Provider } from "@urql/solid";
import type { ParentProps } from "solid-js";
import { render } from "solid-js/web";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { client } from "./data/client.ts";
import { LiveProvider } from "./data/live.tsx";
import { SelectionProvider } from "./data/selection.tsx";
import { NotFound } from "./pages/NotFound.tsx";
import { Overview } from "./pages/Overview/Overview.tsx";
import { Shell } from "./ui/shell/Shell.tsx";

function Root(props: ParentProps) {
  return (
    <Provider value={client}>
      <LiveProvider>
        <SelectionProvider>
          <Shell>{props.children}</Shell>
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
        <Route path="/" component={Overview} />
        <Route path="*" component={NotFound} />
      </Router>
    ),
    root,
  );
}
