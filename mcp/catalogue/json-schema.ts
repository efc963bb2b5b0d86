export type JsonType = "object" | "array" | "string" | "integer" | "number" | "boolean" | "null";

/** The part of JSON Schema that tools are described with. */
export interface JsonSchema {
  type?: JsonType;
  description?: string;
  format?: "uuid" | "date" | "date-time";
  enum?: string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean;
  anyOf?: [JsonSchema, { type: "null" }];
}

export interface ObjectSchema extends JsonSchema {
  type: "object";
  properties: Record<string, JsonSchema>;
}
