import { jsonService } from "../json-service.ts";
import type { Handler, Service, World } from "../service.ts";
import { describeReplicationConfigs, describeReplications } from "./replications.ts";
import { describeEndpoints, describeReplicationInstances } from "./surroundings.ts";
import { describeReplicationTasks, describeTables } from "./tasks.ts";

const operations: Readonly<Record<string, Handler>> = {
  DescribeReplicationTasks: describeReplicationTasks,
  DescribeReplications: describeReplications,
  DescribeReplicationConfigs: describeReplicationConfigs,
  DescribeReplicationInstances: describeReplicationInstances,
  DescribeTableStatistics: (world, tokens, call) =>
    describeTables(world, tokens, call, "ReplicationTaskArn", "TableStatistics"),
  DescribeReplicationTableStatistics: (world, tokens, call) =>
    describeTables(world, tokens, call, "ReplicationConfigArn", "ReplicationTableStatistics"),
  DescribeEndpoints: describeEndpoints,
};

/**
 * The Database Migration Service over AWS JSON 1.1: its tasks, serverless replications and their tables.
 * Source: https://docs.aws.amazon.com/dms/latest/APIReference/API_Operations.html
 */
export function dmsService(world: World): Service {
  return jsonService(world, {
    signingName: "dms",
    targetPrefix: "AmazonDMSv20160101",
    operations,
    tokenRefusal: "InvalidParameterValueException",
    subjectOf({ input }) {
      const resource = input.ReplicationTaskArn ?? input.ReplicationConfigArn;
      return {
        ...(typeof resource === "string" && { resource }),
        ...(typeof input.Marker === "string" && { token: input.Marker }),
      };
    },
    resourceOf: ({ resource }) => resource ?? "*",
  });
}
