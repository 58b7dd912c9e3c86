/** One test run; what needs real components lies in tests/, pure tests beside their code. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{contracts,platform,edge,hub,cli,evaluation,demo,test-media,tools}/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', 'tests/crash/long/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default'],
  },
});
