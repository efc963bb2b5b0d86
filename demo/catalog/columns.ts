import type { Random } from "../random.ts";
import type { WireColumn } from "../wire.ts";

/** A part of the business; decides which columns, names and sizes its tables have. */
export type Domain =
  | "sales"
  | "logistics"
  | "finance"
  | "clickstream"
  | "iot"
  | "customer"
  | "marketing"
  | "product"
  | "ml"
  | "people";

/** "name type" or "name type comment". */
const pools: Readonly<Record<Domain, readonly string[]>> = {
  sales: [
    "order_number string",
    "order_status varchar(20) open|paid|shipped|cancelled",
    "channel string",
    "currency char(3) ISO 4217",
    "net_amount decimal(18,2)",
    "tax_amount decimal(18,2)",
    "discount_pct decimal(5,2)",
    "quantity int",
    "store_id int",
    "promotion_code string",
    "is_gift boolean",
    "line_items array<struct<sku:string,quantity:int,unit_price:decimal(18,2)>>",
    "ordered_at timestamp",
    "delivery_country char(2)",
    "sales_rep_id smallint",
    "price_list string",
    "margin double",
  ],
  logistics: [
    "shipment_id string",
    "carrier_code varchar(10)",
    "tracking_number string",
    "origin_hub string",
    "destination_hub string",
    "weight_kg decimal(10,3)",
    "volume_m3 double",
    "pallet_count smallint",
    "incoterm char(3)",
    "planned_arrival timestamp",
    "actual_arrival timestamp",
    "temperature_c float",
    "route array<struct<hub:string,arrived:timestamp,departed:timestamp>>",
    "customs_status string",
    "vehicle_id string",
    "is_hazardous boolean",
    "fuel_surcharge decimal(9,2)",
  ],
  finance: [
    "ledger_id int",
    "account_code varchar(12)",
    "cost_center varchar(10)",
    "posting_date date",
    "fiscal_year smallint",
    "fiscal_period tinyint",
    "debit decimal(20,4)",
    "credit decimal(20,4)",
    "currency char(3) ISO 4217",
    "exchange_rate decimal(18,8)",
    "document_type string",
    "reference string",
    "is_reversal boolean",
    "tax_code varchar(4)",
    "profit_center string",
    "approved_at timestamp",
    "attributes map<string,string>",
  ],
  clickstream: [
    "event_id string",
    "session_id string",
    "visitor_id string",
    "event_name string",
    "page_url string",
    "referrer string",
    "user_agent string",
    "device struct<type:string,os:string,browser:string,screen:struct<width:int,height:int>>",
    "geo struct<country:string,region:string,city:string>",
    "utm map<string,string>",
    "experiment_ids array<string>",
    "event_time timestamp",
    "server_time timestamp",
    "scroll_depth tinyint",
    "is_bot boolean",
    "payload string raw JSON",
    "value uniontype<bigint,double,string>",
  ],
  iot: [
    "device_id string",
    "gateway_id string",
    "firmware varchar(32)",
    "measured_at timestamp",
    "metric string",
    "reading double",
    "unit varchar(8)",
    "quality tinyint 0 bad, 1 uncertain, 2 good",
    "battery_pct tinyint",
    "rssi smallint",
    "latitude double",
    "longitude double",
    "tags map<string,string>",
    "readings array<struct<t:bigint,v:double>>",
    "alarm boolean",
    "line_id int",
    "shift char(1)",
  ],
  customer: [
    "customer_number string",
    "segment string",
    "country char(2)",
    "postal_code varchar(10)",
    "loyalty_tier varchar(12)",
    "registered_at timestamp",
    "consent struct<email:boolean,phone:boolean,profiling:boolean,updated:timestamp>",
    "lifetime_value decimal(18,2)",
    "churn_score float",
    "preferred_store int",
    "language char(2)",
    "birth_year smallint",
    "contact_hash binary",
    "is_business boolean",
    "addresses array<struct<kind:string,street:string,city:string,country:string>>",
    "merged_into bigint",
  ],
  marketing: [
    "campaign_id bigint",
    "campaign_name string",
    "ad_group string",
    "impressions bigint",
    "clicks bigint",
    "conversions int",
    "cost decimal(18,6)",
    "audience string",
    "creative_id string",
    "started_on date",
    "ended_on date",
    "budget decimal(18,2)",
    "attribution map<string,double>",
    "network varchar(30)",
    "keyword string",
    "bid decimal(12,6)",
  ],
  product: [
    "sku varchar(40)",
    "ean char(13)",
    "title string",
    "brand string",
    "category_path array<string>",
    "list_price decimal(12,2)",
    "weight_g int",
    "dimensions struct<length:double,width:double,height:double>",
    "attributes map<string,array<string>>",
    "is_active boolean",
    "launched_on date",
    "supplier_id int",
    "stock_level int",
    "reorder_point smallint",
    "warehouse_code varchar(6)",
    "valid_from timestamp",
  ],
  ml: [
    "feature_set string",
    "entity_key string",
    "embedding array<float>",
    "label tinyint",
    "score double",
    "model_version varchar(20)",
    "predicted_at timestamp",
    "features map<string,double>",
    "split varchar(10) train|test|validation",
    "weight float",
    "explanations array<struct<feature:string,contribution:double>>",
    "drift_score double",
    "batch_id string",
  ],
  people: [
    "employee_number int",
    "department string",
    "job_grade varchar(4)",
    "hired_on date",
    "weekly_hours decimal(4,1)",
    "site string",
    "manager_number int",
    "contract_type varchar(12)",
    "absence_days smallint",
    "training_hours int",
  ],
};

const audit = ["created_at timestamp", "updated_at timestamp", "source_system string", "load_id bigint"];

function parse(line: string): WireColumn {
  const [name = "", type = "string", ...comment] = line.split(" ");
  return { Name: name, Type: type, ...(comment.length > 0 && { Comment: comment.join(" ") }) };
}

const parsedPools = new Map(Object.entries(pools).map(([domain, lines]) => [domain, lines.map(parse)]));
const parsedAudit = audit.map(parse);

/** A table's columns: its key, some of its domain's, some that say when and whence a row came. */
export function columnsOf(domain: Domain, entity: string, random: Random): WireColumn[] {
  const pool = parsedPools.get(domain) ?? [];
  const key: WireColumn = { Name: `${singular(entity)}_id`, Type: random.chance(0.7) ? "bigint" : "string" };
  const offset = random.integer(0, pool.length - 1);
  const count = random.integer(4, pool.length);
  const own = [...pool.slice(offset), ...pool.slice(0, offset)].slice(0, count);
  const columns = [key, ...own, ...parsedAudit.slice(0, random.integer(0, parsedAudit.length))];
  return columns.filter((column, index) => columns.findIndex(other => other.Name === column.Name) === index);
}

function singular(entity: string): string {
  return entity.endsWith("ies") ? `${entity.slice(0, -3)}y` : entity.replace(/s$/, "");
}

/** Columns added in later generations: numbered by how many were added before. */
export function addedColumn(index: number): WireColumn {
  const names = ["data_quality_score", "ingest_batch", "tenant_code", "is_deleted", "record_version"];
  const types = ["double", "string", "varchar(16)", "boolean", "int"];
  const round = Math.floor(index / names.length);
  const name = names[index % names.length] ?? "extra";
  return { Name: round === 0 ? name : `${name}_${round + 1}`, Type: types[index % types.length] ?? "string" };
}

/** A wide table as feature pipelines write them. */
export function wideColumns(count: number): WireColumn[] {
  return Array.from({ length: count }, (_, index) => ({
    Name: `f_${String(index + 1).padStart(4, "0")}`,
    Type: index % 7 === 0 ? "string" : index % 3 === 0 ? "bigint" : "double",
  }));
}
