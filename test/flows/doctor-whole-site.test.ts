import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Examination, examineSite } from '../../src/flows/doctor/examine-site.ts';
import type { Break } from '../support/break-checks.ts';
import { edited } from '../support/healthy/five9-breaks.ts';
import { sigmamindCast } from '../support/healthy/sigmamind.ts';
import { changed, prompted, type SigmamindSite } from '../support/healthy/sigmamind-breaks.ts';
import { setAt, startSilentServer } from '../support/silent-server.ts';
import { startWholeSite, type WholeSite } from '../support/whole-site.ts';

let site: WholeSite;
beforeAll(async () => {
  site = await startWholeSite();
}, 240_000);
afterAll(() => site?.stop());

async function examine(): Promise<Examination & { tookMs: number }> {
  const { site: whole, close } = site.open();
  const startedAt = performance.now();
  try {
    const examination = await examineSite(whole);
    return { ...examination, tookMs: performance.now() - startedAt };
  } finally {
    await close();
  }
}

const notOk = ({ checked }: Examination) =>
  checked.flatMap(({ id, status, found, causes }) => (status === 'ok' ? [] : { id, status, found, causes }));

describe('the doctor, on both dialers and the platform', () => {
  it('finds nothing wrong where nothing is, within ten seconds', async () => {
    const examination = await examine();

    expect(notOk(examination)).toEqual([]);
    expect(examination.troubles.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(examination.troubles.length).toBeGreaterThan(10);
    expect(examination.checked.length).toBeGreaterThan(150);
    expect(examination.tookMs).toBeLessThan(10_000);
  }, 60_000);

  const ways = [
    ['the platform', ['platforms', 'sigmamind', 'apiUrl'], 'sigmamind:api.key', (url: string) => url],
    ['Five9', ['dialers', 'five9', 'soap', 'host'], 'five9:soap.reachable', (url: string) => url],
    [
      "VICIdial's web server",
      ['dialers', 'vicidial', 'api', 'url'],
      'vicidial:api.reachable',
      (url: string) => `${url}/api.php`,
    ],
    ["VICIdial's database", ['dialers', 'vicidial', 'database', 'port'], 'vicidial:database.reachable', portOf],
  ] as const;

  it.each(ways)(
    'waits for %s once when it takes connections and never answers',
    async (_what, path, root, holeAt) => {
      const healthy = await examine();
      const hole = await startSilentServer();
      const mend = setAt(site.raw, path, holeAt(hole.url));
      const examination = await examine().finally(mend);
      await hole.stop();

      const ill = examination.checked.filter(({ status }) => status !== 'ok');
      expect(ill.filter(({ status }) => status === 'fail').map(({ id }) => id)).toEqual([root]);
      expect(ill.filter(({ id, causes }) => id !== root && causes.join() !== root)).toEqual([]);
      expect(ill.length).toBeGreaterThan(3);
      // A second connection of the root itself at most: the checks behind it do not ask at all.
      expect(hole.connections()).toBeLessThanOrEqual(2);
      const waited = examination.checked.find(({ id }) => id === root)?.tookMs ?? 0;
      expect(examination.tookMs).toBeLessThan(healthy.tookMs * 2 + waited + 2000);
    },
    120_000,
  );

  const spring = `/v1/phone-numbers/${encodeURIComponent(sigmamindCast.numbers.spring)}`;
  const other = { inboundAgentId: sigmamindCast.agents.springFive9 };
  const own = { inboundAgentId: sigmamindCast.agents.spring };
  it.each<[what: string, root: string, fault: Break<WholeSite>]>([
    [
      'the number is switched off',
      'sigmamind:number.registered',
      at(changed('', spring, { active: false }, { active: true })),
    ],
    ['the number has another agent', 'sigmamind:number.agent', at(changed('', spring, other, own))],
    [
      'the prompt has lost the correlation ID',
      'sigmamind:prompt.correlation-id',
      at(prompted('', (text) => text.replaceAll('{{correlation_id}}', ''))),
    ],
    [
      'the remote agent dials another number',
      'vicidial:remote-agent.number',
      {
        what: '',
        async run({ vicidial: { sql } }) {
          const [row] = await sql('SELECT conf_exten FROM vicidial_remote_agents');
          await sql('UPDATE vicidial_remote_agents SET conf_exten = ?', ['770019895550000']);
          return async () =>
            void (await sql('UPDATE vicidial_remote_agents SET conf_exten = ?', [String(row?.conf_exten)]));
        },
      },
    ],
    [
      'the script transfers to another number',
      'five9:scripts.number',
      {
        what: '',
        run: ({ five9 }) =>
          edited('', sigmamindCast.numbers.springFive9, '+19895559999').run({
            ...five9,
            clockOffsetMs: 0,
            inboundCallUrls: [],
          }),
      },
    ],
    [
      'more lines than the platform takes',
      'patchbay:concurrency.lines',
      {
        what: '',
        async run({ raw }) {
          const mend = setAt(raw, ['platforms', 'sigmamind', 'concurrency'], 2);
          return async () => mend();
        },
      },
    ],
  ])(
    'tells one fault once: %s',
    async (_what, root, fault) => {
      const mend = await fault.run(site);
      const examination = await examine().finally(mend);

      const ill = notOk(examination);
      expect(ill.filter(({ causes }) => causes.length === 0).map(({ id }) => id)).toEqual([root]);
      expect(ill.filter(({ id, causes }) => id !== root && causes.join() !== root)).toEqual([]);
      expect(notOk(await examine())).toEqual([]);
    },
    60_000,
  );
});

/** What is done to the platform alone, done to it among the others. */
function at({ run, ...fault }: Break<SigmamindSite>): Break<WholeSite> {
  return { ...fault, run: ({ sigmamind }) => run({ ...sigmamind, app: {} as SigmamindSite['app'] }) };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
