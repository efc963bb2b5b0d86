import type { ReplicationInstance } from "@aws-sdk/client-database-migration-service";
import type { DmsJob } from "../../migration/dms.ts";
import { fractionOf } from "../../random.ts";
import type { Wire } from "../../wire.ts";
import type { PageTokens } from "../page-token.ts";
import type { Answer, Call, World } from "../service.ts";
import { answerPage, filtersOf, jobsOf, passes } from "./listing.ts";

/** DescribeReplicationInstances. */
export function describeReplicationInstances(world: World, tokens: PageTokens, call: Call): Answer {
  const filters = filtersOf(call, [
    "replication-instance-arn",
    "replication-instance-id",
    "replication-instance-class",
    "engine-version",
  ]);
  const byArn = new Map(jobsOf(world, call, "dmsTasks").map(job => [job.instanceArn, job]));
  const instances = [...byArn.values()]
    .map(job => instanceOf(job, call.region))
    .filter(instance =>
      passes(filters, name => {
        if (name === "replication-instance-arn") return [instance.ReplicationInstanceArn ?? ""];
        if (name === "replication-instance-id") return [instance.ReplicationInstanceIdentifier ?? ""];
        return [(name === "engine-version" ? instance.EngineVersion : instance.ReplicationInstanceClass) ?? ""];
      }),
    )
    .toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  return answerPage(tokens, call, "ReplicationInstances", instances, keyOf, instance => instance);
}

function keyOf(instance: Wire<ReplicationInstance>): string {
  return instance.ReplicationInstanceArn ?? "";
}

function instanceOf(job: DmsJob, region: string): Wire<ReplicationInstance> {
  return {
    ReplicationInstanceIdentifier: job.instanceName,
    ReplicationInstanceClass: "dms.r6i.xlarge",
    ReplicationInstanceStatus: "available",
    AllocatedStorage: 200,
    InstanceCreateTime: job.place.origin / 1000 - 90 * 86_400,
    AvailabilityZone: `${region}${"abc"[Math.floor(fractionOf(job.instanceArn) * 3)] ?? "a"}`,
    MultiAZ: false,
    EngineVersion: "3.6.1",
    AutoMinorVersionUpgrade: true,
    PubliclyAccessible: false,
    ReplicationInstanceArn: job.instanceArn,
  };
}

/** DescribeEndpoints. */
export function describeEndpoints(world: World, tokens: PageTokens, call: Call): Answer {
  const filters = filtersOf(call, ["endpoint-arn", "endpoint-type", "endpoint-id", "engine-name"]);
  const jobs = [...jobsOf(world, call, "dmsTasks"), ...jobsOf(world, call, "replications")];
  const endpoints = new Map<string, Record<string, string>>();
  for (const job of jobs) {
    endpoints.set(job.sourceEndpointArn, endpointOf(job.sourceEndpointArn, job.engine, "source"));
    endpoints.set(job.targetEndpointArn, endpointOf(job.targetEndpointArn, "s3", "target"));
  }
  const shown = [...endpoints.values()]
    .filter(endpoint =>
      passes(filters, name => {
        if (name === "endpoint-arn") return [endpoint.EndpointArn ?? ""];
        if (name === "endpoint-type") return [(endpoint.EndpointType ?? "").toLowerCase()];
        return [(name === "endpoint-id" ? endpoint.EndpointIdentifier : endpoint.EngineName) ?? ""];
      }),
    )
    .toSorted((left, right) => ((left.EndpointArn ?? "") < (right.EndpointArn ?? "") ? -1 : 1));
  return answerPage(
    tokens,
    call,
    "Endpoints",
    shown,
    endpoint => endpoint.EndpointArn ?? "",
    endpoint => endpoint,
  );
}

function endpointOf(arn: string, engine: string, type: "source" | "target"): Record<string, string> {
  return {
    EndpointIdentifier: type === "source" ? `${engine}-source` : "lakehouse-target",
    EndpointType: type.toUpperCase(),
    EngineName: engine,
    Status: "active",
    EndpointArn: arn,
  };
}
