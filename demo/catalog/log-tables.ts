import type { WireColumn, WireTable } from "../wire.ts";
import { type TableContext, tableOf } from "./context.ts";
import {
  albColumns,
  cloudFrontColumns,
  cloudTrailColumns,
  costColumns,
  flowColumns,
  inventoryColumns,
  s3AccessColumns,
  texts,
  wafColumns,
} from "./log-columns.ts";
import { descriptorOf, type StorageFormat, storageFormats } from "./storage-formats.ts";
import { athenaParameters } from "./writers.ts";

type Parameters = Record<string, string>;

/** Partition projection by day, as AWS's examples write it. */
function dailyProjection(key: string, template: string): Parameters {
  return {
    "projection.enabled": "true",
    [`projection.${key}.type`]: "date",
    [`projection.${key}.format`]: "yyyy/MM/dd",
    [`projection.${key}.range`]: "2020/01/01,NOW",
    [`projection.${key}.interval`]: "1",
    [`projection.${key}.interval.unit`]: "DAYS",
    "storage.location.template": template,
  };
}

/**
 * A table from the CREATE TABLE statements of the Athena user guide ("Query AWS service logs").
 * Source: https://docs.aws.amazon.com/athena/latest/ug/querying-aws-service-logs.html
 */
function logTable(
  context: TableContext,
  format: StorageFormat,
  parts: {
    columns: WireColumn[];
    prefix: string;
    partitionKeys?: WireColumn[];
    serdeParameters?: Parameters;
    parameters?: Parameters;
  },
): WireTable {
  const location = `s3://aws-logs-${context.accountId}-${context.region}/${parts.prefix}`;
  return tableOf(context, {
    Owner: "hadoop",
    LastAccessTime: 0,
    StorageDescriptor: descriptorOf(format, {
      Columns: parts.columns,
      Location: location,
      ...(parts.serdeParameters && { serdeParameters: parts.serdeParameters }),
    }),
    PartitionKeys: parts.partitionKeys ?? [],
    Parameters: { ...athenaParameters(context), ...parts.parameters },
  });
}

function bucketPath({ accountId, region }: TableContext): string {
  return `s3://aws-logs-${accountId}-${region}`;
}

const day: WireColumn[] = [{ Name: "day", Type: "string" }];
const inventoryDate: WireColumn[] = [{ Name: "dt", Type: "string" }];

function inventory(context: TableContext, format: StorageFormat): WireTable {
  const bucket = context.spec.name.replace(/^s3_inventory_/, "").replaceAll("_", "-");
  return logTable(context, format, {
    columns: inventoryColumns,
    prefix: `inventory/${bucket}/daily/hive/`,
    partitionKeys: inventoryDate,
    parameters: {
      "projection.enabled": "true",
      "projection.dt.type": "date",
      "projection.dt.format": "yyyy-MM-dd-HH-mm",
      "projection.dt.range": "2022-01-01-00-00,NOW",
      "projection.dt.interval": "1",
      "projection.dt.interval.unit": "DAYS",
    },
  });
}

export const logTables = {
  log_cloudtrail: (context: TableContext) =>
    logTable(context, storageFormats.cloudTrail, {
      columns: cloudTrailColumns,
      prefix: `AWSLogs/${context.accountId}/CloudTrail/${context.region}/`,
      partitionKeys: [{ Name: "timestamp", Type: "string" }],
      parameters: {
        classification: "cloudtrail",
        ...dailyProjection(
          "timestamp",
          `${bucketPath(context)}/AWSLogs/${context.accountId}/CloudTrail/${context.region}/\${timestamp}`,
        ),
      },
    }),
  log_cloudtrail_old: (context: TableContext) =>
    logTable(context, storageFormats.oldCloudTrail, {
      columns: cloudTrailColumns.slice(0, 20),
      prefix: `AWSLogs/${context.accountId}/CloudTrail/`,
      parameters: {
        classification: "cloudtrail",
        comment: `CloudTrail table for ${bucketPath(context).slice(5)} bucket`,
      },
    }),
  log_vpc_flow: (context: TableContext) =>
    logTable(context, storageFormats.text, {
      columns: flowColumns,
      prefix: `AWSLogs/${context.accountId}/vpcflowlogs/${context.region}/`,
      partitionKeys: day,
      serdeParameters: { "field.delim": " ", "serialization.format": " " },
      parameters: {
        "skip.header.line.count": "1",
        ...dailyProjection(
          "day",
          `${bucketPath(context)}/AWSLogs/${context.accountId}/vpcflowlogs/${context.region}/\${day}`,
        ),
      },
    }),
  log_vpc_flow_parquet: (context: TableContext) =>
    logTable(context, storageFormats.parquet, {
      columns: flowColumns,
      prefix: `parquet/AWSLogs/aws-account-id=${context.accountId}/aws-service=vpcflowlogs/`,
      partitionKeys: texts("region year month day"),
      parameters: { "skip.header.line.count": "1" },
    }),
  log_alb: (context: TableContext) =>
    logTable(context, storageFormats.regex, {
      columns: albColumns,
      prefix: `alb/AWSLogs/${context.accountId}/elasticloadbalancing/${context.region}/`,
      partitionKeys: day,
      serdeParameters: {
        "input.regex":
          "([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*):([0-9]*) ([^ ]*)[:-]([0-9]*) ([-.0-9]*) ([-.0-9]*) ([-.0-9]*) (|[-0-9]*) " +
          '(-|[-0-9]*) ([-0-9]*) ([-0-9]*) "([^ ]*) (.*) (- |[^ ]*)" "([^"]*)" ([A-Z0-9-_]+) ([A-Za-z0-9.-]*) ([^ ]*) ' +
          '"([^"]*)" "([^"]*)" "([^"]*)" ([-.0-9]*) ([^ ]*) "([^"]*)" "([^"]*)" "([^ ]*)" "([^\\s]+?)" "([^\\s]+)".*',
        "serialization.format": "1",
      },
      parameters: dailyProjection(
        "day",
        `${bucketPath(context)}/alb/AWSLogs/${context.accountId}/elasticloadbalancing/${context.region}/\${day}`,
      ),
    }),
  log_cloudfront: (context: TableContext) =>
    logTable(context, storageFormats.text, {
      columns: cloudFrontColumns,
      prefix: "cloudfront/",
      serdeParameters: { "field.delim": "\t", "serialization.format": "\t" },
      parameters: { "skip.header.line.count": "2" },
    }),
  log_s3_access: (context: TableContext) =>
    logTable(context, storageFormats.regex, {
      columns: s3AccessColumns,
      prefix: "s3-access/",
      serdeParameters: {
        "input.regex":
          '([^ ]*) ([^ ]*) \\[(.*?)\\] ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ("[^"]*"|-) (-|[0-9]*) ([^ ]*) ([^ ]*) ' +
          '([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ("[^"]*"|-) ([^ ]*)(?: ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*))?.*$',
        "serialization.format": "1",
      },
    }),
  log_s3_inventory_orc: (context: TableContext) => inventory(context, storageFormats.symlinkOrc),
  log_s3_inventory_parquet: (context: TableContext) => inventory(context, storageFormats.symlinkParquet),
  log_s3_inventory_csv: (context: TableContext) => inventory(context, storageFormats.symlinkCsv),
  log_waf: (context: TableContext) =>
    logTable(context, storageFormats.openxJson, {
      columns: wafColumns,
      prefix: `AWSLogs/${context.accountId}/WAFLogs/${context.region}/edge-acl/`,
      partitionKeys: [{ Name: "log_time", Type: "string" }],
      parameters: dailyProjection(
        "log_time",
        `${bucketPath(context)}/AWSLogs/${context.accountId}/WAFLogs/${context.region}/edge-acl/\${log_time}`,
      ),
    }),
  log_cost_and_usage: (context: TableContext) => ({
    ...logTable(context, storageFormats.parquet, {
      columns: costColumns,
      prefix: "cur/company-cur/company-cur/",
      partitionKeys: texts("year month"),
      parameters: { classification: "parquet", compressionType: "none", typeOfData: "file" },
    }),
    CreatedBy: `arn:aws:sts::${context.accountId}:assumed-role/AWSCURCrawlerComponentFunction/AWS-Crawler`,
  }),
} as const;
