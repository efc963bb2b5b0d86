import { Router } from "@solidjs/router";
import type { Client } from "@urql/core";
import { Provider } from "@urql/solid";
import type { ParentProps } from "solid-js";
import { LiveProvider } from "./data/live.tsx";
import { SelectionProvider } from "./data/selection.tsx";
import { navigation, Routes } from "./routes.tsx";
import { Shell } from "./ui/shell/Shell.tsx";

interface AppProps {
  client: Client;
  /** The account and region chosen last. */
  lastScope: string | undefined;
  /** The address, where there is no browser that knows it. */
  url?: string;
}

export function App(props: AppProps) {
  const Root = (root: ParentProps) => (
    <Provider value={props.client}>
      <LiveProvider>
        <SelectionProvider lastScope={props.lastScope}>
          <Shell groups={navigation}>{root.children}</Shell>
        </SelectionProvider>
      </LiveProvider>
    </Provider>
  );
  return (
    <Router root={Root} url={props.url ?? ""}>
      <Routes />
    </Router>
  );
}
