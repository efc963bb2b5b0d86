import { type JSX, onCleanup, onMount } from "solid-js";
import { Icon } from "./Icon.tsx";
import "./search-field.css";

interface SearchFieldProps {
  label: string;
  placeholder: string;
  value: string;
  /** Called 200 ms after the last letter. */
  onInput: (value: string) => void;
  /** At the right: how many were found. */
  children?: JSX.Element;
}

const pause = 200;

/** A field that searches while one types. The key / goes to it from anywhere on the page. */
export function SearchField(props: SearchFieldProps) {
  let input: HTMLInputElement | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onMount(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && event.target.closest("input, textarea, [role=dialog]")) return;
      event.preventDefault();
      input?.focus();
    };
    document.addEventListener("keydown", focus);
    onCleanup(() => {
      clearTimeout(timer);
      document.removeEventListener("keydown", focus);
    });
  });
  const later = (value: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => props.onInput(value), pause);
  };
  return (
    <label class="search-field">
      <Icon name="search" />
      <span class="vh">{props.label}</span>
      <input
        ref={input}
        type="search"
        placeholder={props.placeholder}
        value={props.value}
        autocomplete="off"
        spellcheck={false}
        onInput={event => later(event.currentTarget.value)}
      />
      {props.children ?? <kbd class="hide-sm">/</kbd>}
    </label>
  );
}
