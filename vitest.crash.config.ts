/** The long crash rounds: `npm run test:crash`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/crash/long/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 3_600_000,
    hookTimeout: 300_000,
  },
});
