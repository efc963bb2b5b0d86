import type { JSX } from "solid-js";

/** Puts an element around a word of a sentence: bold, mono, a key. */
export type Mark = (text: string) => JSX.Element;

/** A sentence that holds elements, written as one text: sentence`Assessed ${time} · ${age}`. */
export function sentence(texts: TemplateStringsArray, ...elements: JSX.Element[]): JSX.Element {
  return texts.flatMap((text, index) => (index < elements.length ? [text, elements[index]] : [text]));
}
