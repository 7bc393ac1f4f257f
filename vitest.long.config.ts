import { defineConfig } from 'vitest/config';

/**
 * The full counts, and properties with a seed that is new each time: `npm run test:long`. Asks the real kernel, so it needs root on
 * Linux and python3.
 */
export default defineConfig({
  test: {
    include: ['test/long/**/*.test.ts', 'test/kernel/{model,properties}.test.ts'],
    testTimeout: 1_800_000,
  },
});
