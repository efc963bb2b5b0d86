import { jsonService } from "../json-service.ts";
import type { Service, World } from "../service.ts";
import { catalogOperations } from "./catalog.ts";
import { jobOperations } from "./jobs.ts";

/** Glue over AWS JSON 1.1: its Data Catalog and its jobs. */
export function glueService(world: World): Service {
  return jsonService(world, {
    signingName: "glue",
    targetPrefix: "AWSGlue",
    operations: { ...catalogOperations, ...jobOperations },
    tokenRefusal: "InvalidInputException",
    subjectOf({ operation, input }) {
      const database = input[operation === "GetDatabase" ? "Name" : "DatabaseName"];
      const table = operation === "GetTable" ? input.Name : undefined;
      const job = input.JobName;
      const token = input.NextToken;
      return {
        ...(typeof database === "string" && { database }),
        ...(typeof table === "string" && { table }),
        ...(typeof job === "string" && { resource: job }),
        ...(typeof token === "string" && { token }),
      };
    },
    resourceOf({ database, resource }, region, accountId) {
      const own =
        resource !== undefined ? `job/${resource}` : database !== undefined ? `database/${database}` : "catalog";
      return `arn:aws:glue:${region}:${accountId}:${own}`;
    },
  });
}
