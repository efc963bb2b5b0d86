import { cloudWatchService } from "./cloudwatch.ts";
import { dataSyncService } from "./datasync.ts";
import { dmsService } from "./dms/service.ts";
import { glueService } from "./glue/service.ts";
import type { Service, World } from "./service.ts";
import { stsService } from "./sts.ts";

/** Every simulated service; a new one is a file beside this one and a line here. */
export function createServices(world: World): Service[] {
  return [glueService(world), dmsService(world), dataSyncService(world), cloudWatchService(world), stsService(world)];
}
