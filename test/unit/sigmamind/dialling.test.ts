import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import { campaignFile } from '../../../connectors/sigmamind/dialling/campaign-file.ts';
import type { Dialler } from '../../../connectors/sigmamind/dialling/dialler.ts';
import { withoutNumbers } from '../../../connectors/sigmamind/dialling/send-campaign.ts';
import { dialTime, readSchedule, readWish } from '../../../connectors/sigmamind/dialling/wish.ts';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import { readRows } from '../../simulators/sigmamind/rest/campaign-rows.ts';
import { testConnectorDeps } from './test-deps.ts';

const config = SigmamindConfig.parse({ type: 'sigmamind', apiKey: 'key-1', dialling: { agentId: 'agent_1' } });
const dialler = {
  id: 'sigmamind',
  config,
  deps: { ...testConnectorDeps, clock: { ...testConnectorDeps.clock, now: () => Date.parse('2026-11-20T17:00:00Z') } },
} as unknown as Dialler;

it('writes a file that is read back as it was, but for line breaks', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 }).filter((value) => !value.includes('\r'));
  fc.assert(
    fc.property(fc.array(fc.record({ name: text, city: text }), { minLength: 1, maxLength: 5 }), (people) => {
      const rows = people.map((variables, index) => ({ phone: `+1303555012${index}`, variables }));

      const read = readRows(campaignFile(rows, 'Phone Number'), true);

      const flat = (value: string) => value.replace(/[\r\n\t]+/g, ' ');
      const wanted = rows.map(({ phone, variables: { name, city } }) => ({
        number: phone,
        variables: { name: flat(name), city: flat(city) },
      }));
      expect(read).toEqual({ rows: wanted, errors: [] });
    }),
    { numRuns: 30 },
  );
});

it('leaves out a variable that would be a second column of numbers', () => {
  const rows = [{ phone: '+13035550123', variables: { phone_number: '3035550123', name: 'Ada' } }];

  const file = campaignFile(rows, 'Phone Number');

  expect(file).toBe('Phone Number,name\r\n+13035550123,Ada\r\n');
  expect(readRows(file, true).rows).toEqual([{ number: '+13035550123', variables: { name: 'Ada' } }]);
});

it('takes number and agent from the options, else from the configuration', () => {
  const wish = readWish(dialler, 'vicidial', { from: '+13035550100', as: 'SPRING' }, 'Spring');

  expect(wish).toEqual({
    ...{ name: 'Spring', dialer: 'vicidial', campaign: 'SPRING' },
    ...{ from: '+13035550100', agentId: 'agent_1' },
  });
  expect(() => readWish(dialler, 'vicidial', {}, 'Spring')).toThrow('the number that shows');
  expect(() => readWish(dialler, 'vicidial', { from: '+13035550100', name: 'a"b' }, '')).toThrow('name');
});

it.each([
  [{ date: '2026-12-01', time: '09:30', zone: 'America/New_York' }, '2026-12-01T14:30:00.000Z'],
  [{ date: '2026-11-20', time: '09:00', zone: 'America/New_York' }, '2026-11-20T17:00:00.000Z'],
  [{}, '2026-11-20T17:00:00.000Z'],
])('dials %o at %s: a time that is past is now', (options, at) => {
  expect(dialTime(dialler, readSchedule(options))).toBe(at);
});

it.each([
  { date: '2026-12-01' },
  { date: '2026-13-01', time: '09:30', zone: 'UTC' },
  { date: '2026-12-01', time: '9:30', zone: 'UTC' },
  { date: '2026-12-01', time: '09:30', zone: 'Atlantis' },
])('refuses the schedule %o', (options) => {
  expect(() => readSchedule(options)).toThrow('schedule');
});

it('repeats no number and no name of a row that the platform did not take', () => {
  expect(withoutNumbers("Row 7: invalid phone number '+1234'")).toBe('Row 7: invalid phone number …');
  expect(withoutNumbers('Row 12345: +13035550123 is "Ada"')).toBe('Row 12345: … is …');
  expect(withoutNumbers('Row 8: (303) 555-0123 or +1 303 555 0123')).toBe('Row 8: (… or …');
});

it('is offered as commands', () => {
  const { commands } = sigmamind.create('sigmamind', config, testConnectorDeps);

  expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(['call', 'campaign', 'check']));
});
