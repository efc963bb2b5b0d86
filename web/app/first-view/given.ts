import type { SSRData } from "@urql/core";

const id = "given";

/** An element that brings the answers along; data, which no content security policy takes for a script. */
export function givenElement(answers: SSRData): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(answers).replaceAll("<", "\\u003c")}</script>`;
}

/** The answers that the server made the page's first view of; none when it came without one. */
export function givenAnswers(): SSRData {
  const text = document.getElementById(id)?.textContent;
  return text ? JSON.parse(text) : {};
}
