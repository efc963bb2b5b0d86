import type { JSX } from "solid-js";
import { Icon, type IconName } from "./Icon.tsx";
import "./notice.css";

/** A page that has nothing else to show: what happened, why, and the way out. */
export function Notice(props: { title: string; icon?: IconName; tone?: "fail" | "plain"; children: JSX.Element }) {
  return (
    <div class="notice" classList={{ fail: props.tone === "fail" }}>
      <h1>
        {props.icon && <Icon name={props.icon} />}
        {props.title}
      </h1>
      {props.children}
    </div>
  );
}
