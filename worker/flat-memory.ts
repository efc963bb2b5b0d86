import { setFlagsFromString } from "node:v8";

// Rows that stream through live for a moment each, yet V8 answers their number by growing its young generation from 16 to
// over 100 MB. It does no good there, so it stays at its size. Imported first by every program that streams catalogs.
setFlagsFromString("--max-semi-space-size=16");
setFlagsFromString("--semi-space-growth-factor=1");
// The same for the old generation: what outlives a page by chance is cleared before the heap has doubled.
setFlagsFromString("--heap-growing-percent=30");
