import { createHmac } from "node:crypto";
import { AwsError } from "../errors.ts";

/**
 * Opaque pagination tokens: a position, signed together with everything that the listing depends on, so that a token
 * from another listing, region, account or filter is refused as AWS refuses it.
 */
export class PageTokens {
  readonly #secret: string;

  constructor(seed: string) {
    this.#secret = seed;
  }

  /** The token for continuing a listing at a position. */
  issue(listing: readonly string[], position: number): string {
    const text = position.toString(36);
    return Buffer.from(`${text}.${this.#sign(listing, text)}`).toString("base64url");
  }

  /** The position of a token; throws InvalidInputException when it was not issued for this listing. */
  read(listing: readonly string[], token: string): number {
    const [text = "", signature] = Buffer.from(token, "base64url").toString("latin1").split(".");
    const position = Number.parseInt(text, 36);
    if (signature !== this.#sign(listing, text) || !Number.isSafeInteger(position)) {
      throw new AwsError("InvalidInputException", "Invalid pagination token provided.");
    }
    return position;
  }

  #sign(listing: readonly string[], text: string): string {
    return createHmac("sha256", this.#secret)
      .update(JSON.stringify([listing, text]))
      .digest("base64url");
  }
}
