// What docker-compose.yml and the Dockerfile say, so that tests can run it without a container engine.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { parse } from "yaml";
import { packageRoot } from "../postgres/package-root.ts";

export interface Service {
  image: string;
  build?: { context: string; target: string };
  entrypoint?: string[];
  command?: string[];
  environment?: Record<string, string>;
  secrets?: string[];
  configs?: { source: string; target: string }[];
  volumes?: string[];
  ports?: string[];
  networks?: string[];
  network_mode?: string;
  profiles?: string[];
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  tmpfs?: string[];
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  deploy?: { resources: { limits: { cpus: string; memory: string; pids: number } } };
}

export interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  configs: Record<string, { file: string }>;
  secrets: Record<string, { file: string }>;
}

export const composeFile = join(packageRoot, "docker-compose.yml");
export const dockerfile = join(packageRoot, "Dockerfile");

/** docker-compose.yml as Compose reads it with these variables. @throws where one is needed and not there */
export function readCompose(variables: Record<string, string>): Compose {
  return interpolated(parse(readFileSync(composeFile, "utf8"), { merge: true }), variables);
}

// biome-ignore lint/suspicious/noExplicitAny: it keeps the shape, whatever it is
function interpolated(value: any, variables: Record<string, string>): any {
  if (typeof value === "string") return interpolate(value, variables);
  if (Array.isArray(value)) return value.map(item => interpolated(item, variables));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolated(item, variables)]));
}

function interpolate(text: string, variables: Record<string, string>): string {
  return text.replace(
    /\$(?:(\$)|\{(\w+)(?::([-?])([^}]*))?\})/g,
    (_, dollar?: string, name = "", operator?: string, rest = "") => {
      if (dollar !== undefined) return "$";
      const value = variables[name] ?? "";
      if (value !== "" || operator === undefined) return value;
      if (operator === "?") throw new Error(`required variable ${name} is missing a value: ${rest}`);
      return rest;
    },
  );
}

export interface Image {
  from: string;
  user: string | undefined;
  entrypoint: string[];
  command: string[];
  environment: Record<string, string>;
  healthcheck: string[];
}

/** What the stage of the Dockerfile makes of an image. */
export function readImage(stage: string): Image {
  const image: Image = { from: "", user: undefined, entrypoint: [], command: [], environment: {}, healthcheck: [] };
  let current = "";
  for (const instruction of DockerfileParser.parse(readFileSync(dockerfile, "utf8")).getInstructions()) {
    const text = instruction.getRawArgumentsContent() ?? "";
    if (instruction.getKeyword() === "FROM") {
      current = / AS (\w+)$/i.exec(text)?.[1] ?? "";
      if (current === stage) image.from = text;
    }
    if (current !== stage) continue;
    switch (instruction.getKeyword()) {
      case "USER":
        image.user = text;
        break;
      case "ENTRYPOINT":
        image.entrypoint = JSON.parse(text);
        break;
      case "CMD":
        image.command = JSON.parse(text);
        break;
      case "ENV":
        for (const [, name = "", value = ""] of text.matchAll(/(\w+)=(\S+)/g)) image.environment[name] = value;
        break;
      case "HEALTHCHECK":
        image.healthcheck = JSON.parse(/CMD (\[.*\])/s.exec(text)?.[1] ?? "[]");
    }
  }
  return image;
}
