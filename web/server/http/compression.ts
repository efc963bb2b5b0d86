import { constants } from "node:zlib";
import type { FastifyCompressOptions } from "@fastify/compress";

/**
 * For answers that are made on the fly; Node's own default for Brotli is its slowest. What is streamed leaves part by part, as it was
 * given. Built files are compressed at build.
 */
export const COMPRESSION: FastifyCompressOptions = {
  encodings: ["br", "gzip"],
  brotliOptions: {
    flush: constants.BROTLI_OPERATION_FLUSH,
    params: { [constants.BROTLI_PARAM_QUALITY]: 4 },
  },
  zlibOptions: { flush: constants.Z_SYNC_FLUSH, level: 5 },
};
