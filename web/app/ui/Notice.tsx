import type { JSX } from "solid-js";
import { Dynamic } from "solid-js/web";
import { Icon, type IconName } from "./Icon.tsx";
import "./notice.css";

/** A page that has nothing else to show: what happened, why, and the way out. */
export function Notice(props: {
  title: string;
  icon?: IconName;
  tone?: "fail" | "plain";
  /** 2 below a page's own heading. */
  level?: 1 | 2;
  children: JSX.Element;
}) {
  return (
    <div class="notice" classList={{ fail: props.tone === "fail" }}>
      <Dynamic component={props.level === 2 ? "h2" : "h1"} class="notice-title">
        {props.icon && <Icon name={props.icon} />}
        {props.title}
      </Dynamic>
      {props.children}
    </div>
  );
}
