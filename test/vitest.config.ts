import { defineConfig } from 'vitest/config';

/** They judge how long something takes, so that nothing else runs beside them. */
const timed = ['dialer-outages', 'inbound-call-load', 'shutdown', 'store-away'].map(
  (name) => `test/flows/${name}.test.ts`,
);

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
          include: ['test/{unit,contract,flows,browser,house}/**/*.test.ts'],
          exclude: timed,
          // Many wait for something most of the time: three keep two processors busy.
          maxWorkers: 3,
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
