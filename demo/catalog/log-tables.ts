import type { WireColumn, WireTable } from "../wire.ts";
import { type TableContext, tableOf } from "./context.ts";
import { descriptorOf, type StorageFormat, storageFormats } from "./storage-formats.ts";
import { athenaParameters } from "./writers.ts";

type Parameters = Record<string, string>;

/** "name type, name type, …" where types hold no commas outside brackets. */
function columns(...lines: string[]): WireColumn[] {
  return lines.map(line => {
    const space = line.indexOf(" ");
    return { Name: line.slice(0, space), Type: line.slice(space + 1) };
  });
}

function texts(names: string): WireColumn[] {
  return names.split(" ").map(Name => ({ Name, Type: "string" }));
}

const cloudTrailColumns = columns(
  "eventversion string",
  "useridentity struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string," +
    "username:string,onbehalfof:struct<userid:string,identitystorearn:string>,sessioncontext:struct<attributes:" +
    "struct<mfaauthenticated:string,creationdate:string>,sessionissuer:struct<type:string,principalid:string," +
    "arn:string,accountid:string,username:string>,ec2roledelivery:string,webidfederationdata:struct<" +
    "federatedprovider:string,attributes:map<string,string>>>>",
  "eventtime string",
  "eventsource string",
  "eventname string",
  "awsregion string",
  "sourceipaddress string",
  "useragent string",
  "errorcode string",
  "errormessage string",
  "requestparameters string",
  "responseelements string",
  "additionaleventdata string",
  "requestid string",
  "eventid string",
  "readonly string",
  "resources array<struct<arn:string,accountid:string,type:string>>",
  "eventtype string",
  "apiversion string",
  "recipientaccountid string",
  "serviceeventdetails string",
  "sharedeventid string",
  "vpcendpointid string",
  "eventcategory string",
  "tlsdetails struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>",
);

const flowColumns = columns(
  ...["version int", "account_id string", "interface_id string", "srcaddr string", "dstaddr string", "srcport int"],
  ...["dstport int", "protocol bigint", "packets bigint", "bytes bigint", "start bigint", "end bigint"],
  ...["action string", "log_status string", "vpc_id string", "subnet_id string", "instance_id string", "tcp_flags int"],
  ...[
    "type string",
    "pkt_srcaddr string",
    "pkt_dstaddr string",
    "az_id string",
    "flow_direction string",
    "traffic_path int",
  ],
);

const albColumns = columns(
  ...["type string", "time string", "elb string", "client_ip string", "client_port int", "target_ip string"],
  ...["target_port int", "request_processing_time double", "target_processing_time double"],
  ...["response_processing_time double", "elb_status_code int", "target_status_code string", "received_bytes bigint"],
  ...["sent_bytes bigint", "request_verb string", "request_url string", "request_proto string", "user_agent string"],
  ...["ssl_cipher string", "ssl_protocol string", "target_group_arn string", "trace_id string", "domain_name string"],
  ...[
    "chosen_cert_arn string",
    "matched_rule_priority string",
    "request_creation_time string",
    "actions_executed string",
  ],
  ...["redirect_url string", "error_reason string", "classification string", "classification_reason string"],
);

const cloudFrontColumns: WireColumn[] = [
  { Name: "date", Type: "date" },
  ...texts("time x_edge_location"),
  { Name: "sc_bytes", Type: "bigint" },
  ...texts("c_ip cs_method cs_host cs_uri_stem"),
  { Name: "sc_status", Type: "int" },
  ...texts(
    "cs_referrer cs_user_agent cs_uri_query cs_cookie x_edge_result_type x_edge_request_id x_host_header cs_protocol",
  ),
  { Name: "cs_bytes", Type: "bigint" },
  { Name: "time_taken", Type: "float" },
  ...texts("x_forwarded_for ssl_protocol ssl_cipher x_edge_response_result_type cs_protocol_version fle_status"),
];

const s3AccessColumns = texts(
  "bucketowner bucket_name requestdatetime remoteip requester requestid operation key request_uri httpstatus errorcode " +
    "bytessent objectsize totaltime turnaroundtime referrer useragent versionid hostid sigv ciphersuite authtype endpoint tlsversion",
);

const inventoryColumns = columns(
  ...[
    "bucket string",
    "key string",
    "version_id string",
    "is_latest boolean",
    "is_delete_marker boolean",
    "size bigint",
  ],
  ...["last_modified_date timestamp", "e_tag string", "storage_class string", "is_multipart_uploaded boolean"],
  ...["replication_status string", "encryption_status string", "intelligent_tiering_access_tier string"],
);

const wafColumns = columns(
  "timestamp bigint",
  "formatversion int",
  "webaclid string",
  "terminatingruleid string",
  "action string",
  "httpsourcename string",
  "httprequest struct<clientip:string,country:string,headers:array<struct<name:string,value:string>>,uri:string," +
    "args:string,httpversion:string,httpmethod:string,requestid:string>",
  "labels array<struct<name:string>>",
);

const costColumns = columns(
  ...["identity_line_item_id string", "identity_time_interval string", "bill_payer_account_id string"],
  ...[
    "bill_billing_period_start_date timestamp",
    "line_item_usage_account_id string",
    "line_item_line_item_type string",
  ],
  ...["line_item_usage_start_date timestamp", "line_item_product_code string", "line_item_usage_type string"],
  ...["line_item_operation string", "line_item_resource_id string", "line_item_usage_amount double"],
  ...[
    "line_item_unblended_cost double",
    "line_item_blended_cost double",
    "product_region string",
    "pricing_unit string",
  ],
  ...[
    "reservation_reservation_a_r_n string",
    "savings_plan_savings_plan_a_r_n string",
    "resource_tags_user_team string",
  ],
);

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
