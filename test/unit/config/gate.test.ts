import { expect, it } from 'vitest';
import { GateConfig } from '../../../config/gate.ts';
import { configSchema } from '../../../config/schema.ts';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import { gateOf } from '../../../src/domain/gate.ts';
import { flowSettings } from '../../../src/flow-settings.ts';
import { madeUp } from '../../contract/made-up/made-up-dialer.ts';
import { platformSection } from '../../support/start-app.ts';

const scrub = { url: 'https://scrub.example.com/v1/{number}', blockedWhen: { statuses: [451] } };

function read(gate: object, campaign: object = {}) {
  return configSchema({ dialers: [madeUp], platforms: [] }).safeParse({
    secret: 'a-secret-of-this-test',
    clients: { script: { keys: ['0'.repeat(64)], may: ['dialer'] } },
    dialers: { carousel: { type: 'made-up', url: 'http://127.0.0.1:9', campaigns: { Autumn: { gate: campaign } } } },
    gate,
  });
}

it.each([
  ['hours that end before they begin', { hours: { standard: '21:00-08:00' } }, 'must be spans'],
  ['hours of a state that is none', { hours: { regions: { XX: 'none' } } }, 'must be the code of a state'],
  ['hours of a state that are none', { hours: { regions: { TX: 'never' } } }, 'must be spans'],
  ['a holiday that is no day', { hours: { holidays: ['Mardi Gras'] } }, 'must be a day'],
  ['a zone that is none', { hours: { zonesIfUnknown: ['Middle/Earth'] } }, 'must be a time zone'],
  [
    'a number that chooses the machine',
    { scrub: { ...scrub, url: 'https://{number}.example.com/' } },
    'path and query only',
  ],
  ['a number in the port', { scrub: { ...scrub, url: 'https://scrub.example.com:8{number}/' } }, 'path and query only'],
  ['a log-in in the address', { scrub: { ...scrub, url: 'https://ada:pw@scrub.example.com/{number}' } }, 'is a header'],
  ['a service that is no web address', { scrub: { ...scrub, url: 'file:///etc/{number}' } }, 'must be a URL'],
  [
    'a service that is not told the number',
    { scrub: { ...scrub, url: 'https://scrub.example.com/' } },
    'must send the number',
  ],
  ['a service that blocks nothing', { scrub: { ...scrub, blockedWhen: {} } }, 'must have statuses'],
  ['a place in the answer without values', { scrub: { ...scrub, blockedWhen: { path: 'dnc' } } }, 'must have statuses'],
])('refuses %s', (_what, gate, message) => {
  const found = read(gate);

  expect(JSON.stringify(found.error?.issues)).toContain(message);
});

it('refuses a campaign that wants a scrub service where there is none', () => {
  expect(read({}, { scrub: true }).error?.issues[0]?.message).toContain('not configured');
  expect(read({ scrub }, { scrub: true }).success).toBe(true);
});

it.each([
  [3, true],
  [4, false],
])('of a platform that takes 4 calls %i may be kept from scripts: %s', (keepFree, isRight) => {
  const api = { apiKey: 'unused', apiUrl: 'http://127.0.0.1:1' };
  const found = configSchema({ dialers: [], platforms: [sigmamind] }).safeParse({
    secret: 'a-secret-of-this-test',
    platforms: { sigmamind: { ...platformSection(api), concurrency: 4, keepFree } },
  });

  const said = found.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
  expect(said).toEqual(isRight ? [] : ['platforms.sigmamind.keepFree leaves scripts no slot at all']);
});

it('puts the hours of the site in the place of those that ship', () => {
  const config = read({ hours: { standard: '09:00-20:00', regions: { TX: '10:00-18:00, none', UT: 'standard' } } });
  if (!config.success) throw config.error;

  const { hours } = flowSettings(config.data).gate;

  expect(hours.standard.weekday).toEqual([540, 1200]);
  expect(hours.regions.TX).toEqual({ weekday: [600, 1080], saturday: null, sunday: null });
  expect(hours.regions.UT).toEqual(hours.standard);
  expect(hours.regions.FL?.weekday).toEqual([480, 1200]);
});

it('asks for hours by default, and for the rest where it is configured; a campaign may say otherwise', () => {
  const config = read(
    { scrub },
    { hours: false, scrub: false, consent: { field: 'consent' }, routes: { no_consent: 'skill' } },
  );
  if (!config.success) throw config.error;
  const { gate } = flowSettings(config.data);
  const dialer = config.data.dialers.carousel;

  expect(gate).toMatchObject({ isHoursChecked: true, isScrubbed: true, consent: null });
  expect(GateConfig.parse({}).hours.standard).toBe('08:00-21:00');
  expect(gateOf(gate, dialer, 'Autumn')).toMatchObject({
    isHoursChecked: false,
    isScrubbed: false,
    consent: { field: 'consent', accepts: [] },
    routes: { no_consent: 'skill', outside_hours: 'hangup' },
  });
  expect(gateOf(gate, dialer, 'Winter')).toBe(gate);
});
