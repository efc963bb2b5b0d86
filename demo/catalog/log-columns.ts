import type { WireColumn } from "../wire.ts";

/** "name type, name type, …" where types hold no commas outside brackets. */
function columns(...lines: string[]): WireColumn[] {
  return lines.map(line => {
    const space = line.indexOf(" ");
    return { Name: line.slice(0, space), Type: line.slice(space + 1) };
  });
}

export function texts(names: string): WireColumn[] {
  return names.split(" ").map(Name => ({ Name, Type: "string" }));
}

export const cloudTrailColumns = columns(
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

export const flowColumns = columns(
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

export const albColumns = columns(
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

export const cloudFrontColumns: WireColumn[] = [
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

export const s3AccessColumns = texts(
  "bucketowner bucket_name requestdatetime remoteip requester requestid operation key request_uri httpstatus errorcode " +
    "bytessent objectsize totaltime turnaroundtime referrer useragent versionid hostid sigv ciphersuite authtype endpoint tlsversion",
);

export const inventoryColumns = columns(
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

export const wafColumns = columns(
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

export const costColumns = columns(
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
