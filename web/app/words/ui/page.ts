import type { JSX } from "solid-js";
import { type Mark, sentence } from "../sentence.ts";
import { units } from "./units.ts";

/** What the frame of a page says: its title, what its numbers rest on, which assessment it is about. */
export const words = {
  windowTitle: (page: string) => `${page} · aws2openstack`,
  nothingAssessed: "Nothing assessed yet",
  reading: "Reading the assessment",
  asking: "Asking about migrations",

  assessment: "Assessment",
  incompleteList: "incomplete list",
  ofDatabases: (share: string) => `${share} of databases`,
  onlyOne: "the only one",
  newestOf: (all: string) => `newest of ${all}`,
  placeOf: (place: string, all: string) => `${place} of ${all}`,
  newerThere: "There is a newer assessment.",
  newest: (dim: Mark, taken: string) => sentence`${dim("Newest:")} ${taken}`,

  datum: "Where these numbers come from",
  noDatabases: "No databases",
  readOfUnlisted: (databases: JSX.Element) => sentence`${databases} read in full, of an incomplete list`,
  readOf: (share: JSX.Element, exactly: JSX.Element) => sentence`${share} of databases read in full${exactly}`,
  readExactly: (complete: string, all: string) => ` (${complete} of ${all})`,
  assessed: (time: JSX.Element, age: JSX.Element) => sentence`Assessed ${time} · ${age}`,
  scope: (account: string, region: string) => `${account} · ${region}`,
  noSizes: "No size known",
  sizesFor: (share: JSX.Element) => sentence`Sizes known for ${share} of tables`,
  simulated: (mark: Mark) => sentence`${mark("Simulated")} AWS`,
  ingested: "Ingested from a report, with its own verdicts",
  unread: (databases: number) => `${units.databases(databases)} not read in full`,
  whatUnread: "What could not be read",
  lastTold: (ago: JSX.Element) => sentence`Last told ${ago}`,
  ago: (elapsed: string) => `${elapsed} ago`,

  lost: (elapsed: string) => `The server has not answered for ${elapsed}.`,
  lostMeans: "What is shown stays true: a stored assessment does not change. A newer one would not appear here.",
} as const;
