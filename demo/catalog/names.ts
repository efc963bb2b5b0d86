import type { Random } from "../random.ts";
import type { Domain } from "./columns.ts";
import type { TableKind } from "./kinds.ts";

/** What the tables of a part of the business are about. */
export const entities: Readonly<Record<Domain, readonly string[]>> = {
  sales: words(
    "baskets coupons discounts invoices order_items orders payments price_lists quotes receipts refunds returns stores subscriptions targets vouchers",
  ),
  logistics: words(
    "carriers containers customs_forms deliveries drivers hubs inbound_scans manifests outbound_scans pallets pickups purchase_orders routes shipments stock_levels suppliers vehicles waybills",
  ),
  finance: words(
    "accounts accruals allocations assets budgets cash_flows closings cost_centers dunning_letters exchange_rates expenses general_ledger invoices journal_entries payables payments receivables tax_codes",
  ),
  clickstream: words(
    "app_crashes bot_scores carts checkouts clicks events experiments funnels impressions page_views referrals scrolls searches sessions visitors web_vitals",
  ),
  iot: words(
    "alarms belts calibrations devices energy_readings firmware_updates forklifts gateways heartbeats humidity maintenance measurements motors outages pressures sensors temperatures vibrations",
  ),
  customer: words(
    "addresses complaints consents contacts customers households identities interactions loyalty_points memberships merges newsletters preferences profiles reviews segments tickets",
  ),
  marketing: words(
    "ad_groups attributions audiences banners campaigns channels conversions creatives email_sends keywords landing_pages leads newsletters placements spend touchpoints",
  ),
  product: words(
    "articles attributes barcodes brands bundles categories catalogs images manufacturers price_changes products ratings recalls stock_keeping_units suppliers translations variants",
  ),
  ml: words(
    "baselines churn_scores clusters demand_forecasts drift_reports embeddings evaluations experiments features labels model_runs predictions recommendations samples segments training_sets",
  ),
  people: words(
    "absences applications benefits contracts departments employees job_grades payslips positions reviews shifts trainings",
  ),
};

function words(text: string): string[] {
  return text.split(" ");
}

const suffixes = words(
  "archive backfill bak cdc cleaned daily deduped delta enriched eu hourly hist history latest monthly new old raw snapshot stg summary test tmp us v2 v3 weekly yearly 2019 2020 2021 2022 2023 2024 2025 2026",
);
const prefixes = words("agg bronze dim fact gold int silver src stg");

/** A table's name as people choose them, lower-case as Glue keeps them. */
export function tableName(entity: string, kind: TableKind, random: Random): string {
  if (kind.startsWith("view_")) return `v_${entity}_${random.pick(suffixes)}`;
  if (kind === "hudi_mor_ro") return `${entity}_${random.pick(suffixes)}_ro`;
  if (kind === "hudi_mor_rt") return `${entity}_${random.pick(suffixes)}_rt`;
  switch (random.weighted({ suffix: 40, prefix: 30, both: 20, plain: 10 })) {
    case "suffix":
      return `${entity}_${random.pick(suffixes)}`;
    case "prefix":
      return `${random.pick(prefixes)}_${entity}`;
    case "both":
      return `${random.pick(prefixes)}_${entity}_${random.pick(suffixes)}`;
    default:
      return entity;
  }
}

/** Orders names as Glue lists them here: by code unit. */
export function compareNames(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
