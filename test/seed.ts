import fc from 'fast-check';

// The same examples on every machine, each time; `SEED=… npm test` tries others, and `npm run test:long` new ones.
fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 20240101) });
