import { type JSX, splitProps } from "solid-js";
import "./button.css";

interface ButtonProps extends JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: "plain" | "primary" | "ghost";
  small?: boolean;
}

export function Button(props: ButtonProps) {
  const [own, rest] = splitProps(props, ["kind", "small", "class"]);
  return (
    <button
      type="button"
      {...rest}
      class={`button ${own.class ?? ""}`}
      classList={{ primary: own.kind === "primary", ghost: own.kind === "ghost", small: own.small ?? false }}
    />
  );
}
