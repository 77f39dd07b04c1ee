import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { startVitest } from 'vitest/node';

// npm test: runs vitest, and names what was skipped and why, and closes with one plain line of how many passed and failed.

interface Tally {
  passed: number;
  failed: number;
  skipped: TestCase[];
}

const tally: Tally = { passed: 0, failed: 0, skipped: [] };
const counter: Reporter = {
  onTestRunEnd(modules, unhandled) {
    for (const module of modules) count(tally, module);
    tally.failed += unhandled.length;
  },
};

const vitest = await startVitest('test', process.argv.slice(2), {
  config: 'test/vitest.config.ts',
  watch: false,
  reporters: ['default', counter],
});
await vitest.close();

for (const test of tally.skipped) {
  const result = test.result();
  const why = result.state === 'skipped' && result.note ? result.note : 'see the line above the test';
  process.stdout.write(`skipped: ${test.module.relativeModuleId} > ${test.fullName}: ${why}\n`);
}
if (tally.skipped.length > 0) process.stdout.write(`${tally.skipped.length} skipped\n`);
process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n`);
if (tally.failed > 0 || tally.passed === 0) process.exitCode = 1;

/** A file that can not be loaded, or a hook that fails, has no failed test of its own: it counts as one. */
function count(into: Tally, module: TestModule): void {
  let failedTests = 0;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed') into.passed += 1;
    else if (state === 'failed') failedTests += 1;
    else into.skipped.push(test);
  }
  into.failed += failedTests;
  if (failedTests === 0 && module.state() === 'failed') into.failed += 1;
}
