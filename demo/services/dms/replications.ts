import type { Replication } from "@aws-sdk/client-database-migration-service";
import type { DmsJob } from "../../migration/dms.ts";
import type { Wire } from "../../wire.ts";
import type { PageTokens } from "../page-token.ts";
import type { Answer, Call, World } from "../service.ts";
import { answerPage, filtersOf, jobsOf, notFound, passes } from "./listing.ts";

/** DescribeReplications. */
export function describeReplications(world: World, tokens: PageTokens, call: Call): Answer {
  const jobs = replicationsOf(world, call);
  return answerPage(
    tokens,
    call,
    "Replications",
    jobs,
    ({ arn }) => arn,
    job => replicationOf(job, call.time),
  );
}

function replicationsOf(world: World, call: Call): DmsJob[] {
  const filters = filtersOf(call, ["replication-config-arn", "replication-config-id"]);
  const jobs = jobsOf(world, call, "replications").filter(job =>
    passes(filters, name => [name === "replication-config-arn" ? job.arn : job.script.name]),
  );
  if (jobs.length === 0 && filters.length > 0) throw notFound("No replications found matching the filters");
  return jobs;
}

function replicationOf(job: DmsJob, time: number): Wire<Replication> {
  const { status, stopReason, failure, stats } = job.stateAt(time);
  const provision = job.provisionAt(time);
  const started = job.runAt(time)?.startsAt;
  return {
    ReplicationConfigIdentifier: job.script.name,
    ReplicationConfigArn: job.arn,
    SourceEndpointArn: job.sourceEndpointArn,
    TargetEndpointArn: job.targetEndpointArn,
    ReplicationType: job.script.type,
    Status: status,
    ProvisionData: {
      ProvisionState: provision.state,
      ...(provision.units > 0 && { ProvisionedCapacityUnits: provision.units }),
    },
    ...(stopReason !== undefined && { StopReason: stopReason }),
    FailureMessages: failure === undefined ? [] : [failure],
    ...(stats && { ReplicationStats: stats }),
    ...(started !== undefined && { StartReplicationType: "start-replication" }),
    ReplicationCreateTime: job.life.from / 1000,
    ReplicationUpdateTime: (started ?? job.life.from) / 1000,
    ...(stats?.StopDate !== undefined && { ReplicationLastStopTime: stats.StopDate }),
  };
}

/** The definition of serverless replications: DescribeReplications tells neither mappings nor settings. */
export function describeReplicationConfigs(world: World, tokens: PageTokens, call: Call): Answer {
  return answerPage(
    tokens,
    call,
    "ReplicationConfigs",
    replicationsOf(world, call),
    ({ arn }) => arn,
    job => ({
      ReplicationConfigIdentifier: job.script.name,
      ReplicationConfigArn: job.arn,
      SourceEndpointArn: job.sourceEndpointArn,
      TargetEndpointArn: job.targetEndpointArn,
      ReplicationType: job.script.type,
      ComputeConfig: { MinCapacityUnits: 1, MaxCapacityUnits: 16, MultiAZ: false },
      ReplicationSettings: job.settings,
      TableMappings: job.tableMappings,
      ReplicationConfigCreateTime: job.life.from / 1000,
      ReplicationConfigUpdateTime: job.life.from / 1000,
    }),
  );
}
