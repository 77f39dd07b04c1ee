import { expect, it } from 'vitest';
import { VicidialConfig } from '../../../connectors/vicidial/index.ts';
import { checks } from '../../../connectors/vicidial/setup/checks.ts';
import type { Vicidial } from '../../../connectors/vicidial/vicidial.ts';

function gateCheck(campaigns: object) {
  const config = VicidialConfig.parse({
    type: 'vicidial',
    api: { url: 'http://127.0.0.1:9/vicidial/non_agent_api.php', user: 'patchbay', pass: 'apiPass77' },
    timeZone: 'America/Denver',
    remoteAgents: [{ user: '7001', lines: 2 }],
    campaigns,
  });
  const vicidial = { config, database: null } as unknown as Vicidial;
  return checks(vicidial).find(({ id }) => id === 'gate.before-dialling');
}

it('warns of campaigns that ask for consent or the scrub service, which VICIdial does not wait for', async () => {
  const check = gateCheck({
    SPRING: { gate: { consent: { field: 'consent' } } },
    AUTUMN: { gate: { scrub: true } },
    WINTER: { gate: { scrub: false } },
  });

  const result = await check?.run();

  expect(result).toMatchObject({ status: 'warn', found: expect.stringContaining('in SPRING, AUTUMN, but not') });
});

it('has nothing to look at where no campaign asks for them', async () => {
  const result = await gateCheck({ SPRING: { gate: { hours: false } } })?.run();

  expect(result).toMatchObject({ status: 'ok', found: expect.stringContaining('not used') });
});
