import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    // migrations/fixtures is a link to sql/.
    exclude: ["node_modules/**", "dist/**", "migrations/**"],
    globalSetup: ["test/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: PostgreSQL and Chromium want one of them.
    maxWorkers: 2,
  },
});
