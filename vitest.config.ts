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
          // Most of the time would go into loading the same modules again for each file. Nothing in them remembers anything.
          isolate: false,
          // A slow machine is not a wrong answer.
          testTimeout: 60_000,
        },
      },
    ],
  },
});
