import { expect, it } from 'vitest';
import { namedChecks, runChecks } from '../../src/flows/doctor/run-checks.ts';
import { dialerFor, startHealthyFive9 } from '../support/healthy/five9.ts';

const publicUrl = 'https://patchbay.example.com';

it.each([
  ['one campaign', false],
  ['two campaigns, handoff B and a report', true],
])('asks Five9 little: a run with %s', async (_what, isWide) => {
  const { simulator, section, stop } = await startHealthyFive9({ publicUrl, isWide });
  const dialer = dialerFor('five9', section, { publicUrl });
  const asked = async () => {
    const before = simulator.requests().length;
    await runChecks(namedChecks([dialer]));
    return simulator
      .requests()
      .slice(before)
      .map(({ operation }) => operation);
  };

  const first = await asked();
  const second = await asked();

  // Of the 450 a minute and 15,000 an hour that all programs of the domain share.
  expect(first.length).toBeLessThan(32);
  expect(second.length).toBeLessThanOrEqual(first.length);
  expect(second.filter((operation) => operation === 'runReport')).toEqual([]);
  await dialer.close();
  await stop();
});
