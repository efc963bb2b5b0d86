import { createHmac } from "node:crypto";
import { AwsError } from "../errors.ts";

/**
 * Opaque pagination tokens: a position, signed together with everything that the listing depends on, so that a token
 * from another listing, region, account or filter is refused as AWS refuses it.
 */
export class PageTokens {
  readonly #secret: string;
  readonly #refusal: string;

  /** @param refusal the error for a token that was not issued for the listing */
  constructor(seed: string, refusal = "InvalidInputException") {
    this.#secret = seed;
    this.#refusal = refusal;
  }

  /** The token for continuing a listing at a position: a number, or the key of the last item listed. */
  issue(listing: readonly string[], position: number | string): string {
    const text = typeof position === "number" ? position.toString(36) : position;
    return Buffer.from(`${this.#sign(listing, text)}.${text}`).toString("base64url");
  }

  /** The position of a token; throws when it was not issued for this listing. */
  read(listing: readonly string[], token: string): number {
    const position = Number.parseInt(this.readKey(listing, token), 36);
    if (!Number.isSafeInteger(position)) throw this.#refuse();
    return position;
  }

  /** The key of the last item listed; throws when the token was not issued for this listing. */
  readKey(listing: readonly string[], token: string): string {
    const decoded = Buffer.from(token, "base64url").toString();
    const dot = decoded.indexOf(".");
    const text = decoded.slice(dot + 1);
    if (decoded.slice(0, dot) !== this.#sign(listing, text)) throw this.#refuse();
    return text;
  }

  #refuse(): AwsError {
    return new AwsError(this.#refusal, "Invalid pagination token provided.");
  }

  #sign(listing: readonly string[], text: string): string {
    return createHmac("sha256", this.#secret)
      .update(JSON.stringify([listing, text]))
      .digest("base64url");
  }
}
