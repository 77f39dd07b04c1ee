import { defineConfig } from 'vitest/config';

/** They judge how long something takes, so that nothing else runs beside them. */
const timed = ['dialer-outages', 'five9-handoffs', 'inbound-call-load', 'shutdown', 'store-away'].map(
  (name) => `test/flows/${name}.test.ts`,
);

/** Many wait for something most of the time: three keep two processors busy. */
const maxWorkers = 3;

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    globalSetup: 'test/set-up-run.ts',
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'side by side',
          include: ['test/{contract,flows,browser,house}/**/*.test.ts'],
          exclude: timed,
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'units, side by side',
          include: ['test/unit/**/*.test.ts'],
          // Some three hundred small files: in a fork of its own each would load the same modules anew.
          isolate: false,
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'timed', include: timed, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
