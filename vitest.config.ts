import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/long/**'],
          setupFiles: ['test/seed.ts'],
          // A slow machine is not a wrong answer.
          testTimeout: 60_000,
        },
      },
    ],
  },
});
