import { A } from "@solidjs/router";
import { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
import { createMemo, For, Show } from "solid-js";
import { Stack } from "./Stack.tsx";
import { createWidth } from "./width.ts";
import "./treemap.css";

export interface TreemapTile {
  name: string;
  value: number;
  /** The value in words: `38.2 TB`. */
  text: string;
  /** All there is to say, for the tooltip. */
  title: string;
  /** What of it is not written on the tile. */
  more: string;
  href: string;
  ready: number;
  needs: number;
  unknown: number;
}

/** Areas in proportion to their values, each a link, with its readiness along its lower edge. */
export function Treemap(props: { label: string; tiles: readonly TreemapTile[] }) {
  const { width, scale, watch } = createWidth(640);
  const height = () => 260 * scale();
  const leaves = createMemo(() => {
    const root = hierarchy<{ tile?: TreemapTile; children?: { tile: TreemapTile }[] }>({
      children: props.tiles.map(tile => ({ tile })),
    }).sum(node => node.tile?.value ?? 0);
    return treemap<{ tile?: TreemapTile }>()
      .tile(treemapSquarify.ratio(1.6))
      .size([width(), height()])
      .paddingInner(2)
      .round(true)(root)
      .leaves();
  });
  return (
    <ul class="treemap" ref={watch} aria-label={props.label}>
      <For each={leaves()}>
        {leaf => (
          <Show when={leaf.data.tile}>
            {tile => {
              const isRoomy = () => leaf.x1 - leaf.x0 > 56 * scale() && leaf.y1 - leaf.y0 > 34 * scale();
              return (
                <li
                  style={{
                    left: `${leaf.x0}px`,
                    top: `${leaf.y0}px`,
                    width: `${leaf.x1 - leaf.x0}px`,
                    height: `${leaf.y1 - leaf.y0}px`,
                  }}
                >
                  <A href={tile().href} title={tile().title}>
                    <Show when={isRoomy()} fallback={<span class="vh">{tile().title}</span>}>
                      <span class="treemap-name">{tile().name}</span>
                      <span class="treemap-value">{tile().text}</span>
                      <span class="vh">{tile().more}</span>
                    </Show>
                    <Stack ready={tile().ready} needs={tile().needs} unknown={tile().unknown} />
                  </A>
                </li>
              );
            }}
          </Show>
        )}
      </For>
    </ul>
  );
}
