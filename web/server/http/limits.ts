import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";

/** Requests a minute that an address may send to the routes that nobody is signed in for yet. */
const SIGN_INS_PER_MINUTE = 60;

/** Limits what each signed-in user sends. Without sign-in there is one user, whose own machine this is. */
export async function limitUsers(app: FastifyInstance, requestsPerMinute: number): Promise<void> {
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: "1 minute",
    // After requireIdentity, which runs for the whole scope in onRequest.
    hook: "preParsing",
    keyGenerator: request => request.identity?.user ?? request.ip,
    allowList: request => request.identity?.signIn === "local",
  });
}

/** Limits how often an address tries to sign in. */
export async function limitAddresses(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, { max: SIGN_INS_PER_MINUTE, timeWindow: "1 minute" });
}
