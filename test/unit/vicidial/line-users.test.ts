import { expect, it } from 'vitest';
import { createLineUsers } from '../../../connectors/vicidial/line-users.ts';

const hourMs = 3_600_000;

it('takes a line that was switched off for a line as long as a call of it may be open, and for a person then', async () => {
  let now = 0;
  let lines = 3;
  const remoteAgents = async () => [{ user_start: '7001', number_of_lines: lines, status: 'ACTIVE' }];
  const users = createLineUsers({ remoteAgents }, { now: () => now });

  const before = await users.isHuman('7003', '');
  lines = 1;
  now += hourMs;
  const soon = await users.isHuman('7003', '');
  now += 12 * hourMs;
  const later = await users.isHuman('7003', '');

  expect([before, soon, later]).toEqual([false, false, true]);
  expect(await users.isHuman('7001', '')).toBe(false);
  expect(await users.isHuman('anna', '')).toBe(true);
});
