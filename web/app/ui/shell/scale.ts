import { useSearchParams } from "@solidjs/router";
import { type Accessor, createEffect, createMemo } from "solid-js";

export interface Scale {
  isWall: Accessor<boolean>;
  set: (isWall: boolean) => void;
}

/**
 * The scale for projectors and wall screens, in the address as `?scale=wall`: everything a quarter larger, and no side
 * bar. All lengths are in rem, so that the size of the root's text is all there is to change.
 */
export function createScale(): Scale {
  const [params, setParams] = useSearchParams<{ scale?: string }>();
  const isWall = createMemo(() => params.scale === "wall");
  createEffect(() => {
    if (isWall()) document.documentElement.dataset.scale = "wall";
    else delete document.documentElement.dataset.scale;
  });
  return { isWall, set: on => setParams({ scale: on ? "wall" : undefined }) };
}
