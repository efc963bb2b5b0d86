import { glueService } from "./glue.ts";
import type { Service, World } from "./service.ts";
import { stsService } from "./sts.ts";

/** Every simulated service; a new one is a file beside this one and a line here. */
export function createServices(world: World): Service[] {
  return [glueService(world), stsService(world)];
}
