import { expect, it } from 'vitest';
import { AlertsConfig } from '../../../config/alerts.ts';

const smtp = { host: 'smtp.example.com', user: 'patchbay', password: 'a-password' };
const office = { kind: 'email', smtp, from: 'Patchbay <patchbay@example.com>', to: ['ada@example.com'] };
const secret = `whsec_${Buffer.from('a'.repeat(32)).toString('base64')}`;
const pager = { kind: 'webhook', url: 'https://pager.example.com/x', secrets: [secret] };

function faultsOf(alerts: object): string[] {
  const read = AlertsConfig.safeParse(alerts);
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
}

it('needs nothing, and looks for nothing then', () => {
  expect(AlertsConfig.parse(undefined)).toMatchObject({ channels: {}, rules: [], groupSec: 60, doctorHours: 0 });
});

it('takes each kind of channel', () => {
  const chat = { kind: 'slack', url: 'https://hooks.slack.com/services/T0/B0/x' };

  expect(faultsOf({ channels: { office, chat, pager }, digest: {}, escalate: { to: ['pager'] } })).toEqual([]);
});

it.each([
  ['a rule to nobody', { channels: { office }, rules: [{ to: ['chat'] }] }, /rules\.0\.to\.0 is no configured channel/],
  ['an escalation to nobody', { escalate: { to: ['chat'] } }, /escalate\.to\.0 is no configured channel/],
  ['a digest to nobody', { digest: { to: ['chat'] } }, /digest\.to\.0 is no configured channel/],
  ['a kind that is none', { kinds: { 'breaker-opened': 'off' } }, /kinds/],
  ['a time that is none', { quietHours: { from: '25:00', to: '07:00' } }, /quietHours\.from must be a time/],
  ['hours that never end', { quietHours: { from: '07:00', to: '07:00' } }, /must not begin when they end/],
  [
    'a password over an open line',
    { channels: { office: { ...office, smtp: { ...smtp, security: 'none' } } } },
    /office\.smtp\.security sends the password over an open line/,
  ],
  [
    'half a log-in',
    { channels: { office: { ...office, smtp: { host: 'a', user: 'b' } } } },
    /office\.smtp\.password is missing beside the other/,
  ],
  [
    'an address that would be two headers',
    { channels: { office: { ...office, to: ['ada@example.com\r\nBcc: x@y'] } } },
    /must be an address/,
  ],
  ['a secret that is too short', { channels: { pager: { ...pager, secrets: ['whsec_abc'] } } }, /must be whsec_/],
  ['an id with blanks', { channels: { 'my pager': pager } }, /can not be an id/],
  ['a user in a URL', { channels: { pager: { ...pager, url: 'https://a:b@pager.example.com' } } }, /must have no user/],
])('refuses %s', (_name, alerts, fault) => {
  expect(faultsOf(alerts)).toEqual([expect.stringMatching(fault)]);
});
