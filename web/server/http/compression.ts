import { constants } from "node:zlib";
import type { FastifyCompressOptions } from "@fastify/compress";

/** For answers that are made on the fly; Node's own default for Brotli is its slowest. Built files are compressed at build. */
export const COMPRESSION: FastifyCompressOptions = {
  encodings: ["br", "gzip"],
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  zlibOptions: { level: 5 },
};
