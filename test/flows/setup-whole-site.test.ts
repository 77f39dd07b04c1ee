import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { five9Cast } from '../support/whole-site/fresh-five9.ts';
import { type FreshSite, startFreshSite } from '../support/whole-site/fresh-site.ts';
import { vicidialCast } from '../support/whole-site/fresh-vicidial.ts';
import {
  doneByHand,
  givenBefore,
  goDark,
  goLive,
  leftAlone,
  setUp,
  statesOf,
  takeBackByHand,
} from '../support/whole-site/set-up.ts';
import { deleteAccounts } from '../support/whole-site/vicidial-by-hand.ts';
import { type CliRun, linesOf } from '../unit/cli/run-main.ts';

const slowMs = 120_000;

let site: FreshSite;
let before: Record<string, unknown>;
let applied: CliRun;
let stopService: () => Promise<void>;

beforeAll(async () => {
  site = await startFreshSite();
  before = await statesOf(site);
  applied = await setUp(site);
  stopService = await site.serve();
  for (const run of await goLive(site)) expect(run).toMatchObject({ exitCode: 0, err: '' });
}, 240_000);
afterAll(() => site?.stop());

/** Tests go on where the one before left the site. */
describe('three systems of which nobody has set anything up, and Olga with the runbook', () => {
  it('leaves to her no other steps than those that she did', () => {
    const [, said = ''] = applied.out.split(/^By you.*:$/m);
    const byHand = [...said.matchAll(/^ {2}(\w+: .+)$/gm)].map(([, step = '']) => step);

    expect(applied).toMatchObject({ exitCode: 0, err: '' });
    expect(applied.out).toContain(' 0 blocked, 0 failed, 0 not tried.');
    expect(byHand.sort()).toEqual([...leftAlone, ...givenBefore, ...doneByHand].sort());
  });

  it('has the doctor find nothing wrong', { timeout: slowMs }, async () => {
    const run = await site.run('doctor', '--json');

    const lines = linesOf(run);
    const isWell = ({ kind, status }: Record<string, unknown>) => kind === 'summary' || status === 'ok';
    expect(lines.filter((line) => !isWell(line))).toEqual([]);
    expect(run).toMatchObject({ exitCode: 0, err: '' });
    expect(lines.filter(({ kind }) => kind === 'check').length).toBeGreaterThan(150);
    expect(lines.filter(({ kind }) => kind === 'trouble').length).toBeGreaterThan(10);
    expect(lines.at(-1)).toMatchObject({ kind: 'summary', warn: 0, fail: 0, unknown: 0, exitCode: 0 });
    expect(Number(lines.at(-1)?.tookMs)).toBeLessThan(10_000);
  });

  it('has nothing left to apply', { timeout: slowMs }, async () => {
    const states = await statesOf(site);

    const run = await site.run('setup', '--apply', '--yes');

    expect(run).toMatchObject({ exitCode: 0, err: '' });
    const [plan = ''] = run.out.split(/^By you/m);
    const changes = [...plan.matchAll(/^ {4}(\w+) +(.+)$/gm)];
    expect(changes.filter(([, state]) => state !== 'there').map(([, , change]) => change)).toEqual([]);
    expect(changes.length).toBeGreaterThan(40);
    expect(run.out).toContain('Nothing is left to do over the APIs.');
    expect(await statesOf(site)).toEqual(states);
  });

  it.each([
    ['vicidial', vicidialCast, 'SALE', 'api'],
    // Its script asks for the outcome, and hangs up with it.
    ['five9', five9Cast, 'Sale made', 'ivr'],
  ])(
    'calls her phone through %s, and writes the outcome back',
    async (dialer, { campaign, phone }, disposition, by) => {
      const commit = { outcome: 'sale', summary: 'Wants two' };
      site.sigmamind.simulator.setBehaviours({ [phone]: { talkSec: 1, analysis: null, commit } });

      const run = await site.run('call', 'test', '--dialer', dialer, '--campaign', campaign, '--phone', phone, '--yes');

      expect(run).toMatchObject({ exitCode: 0, err: '' });
      expect(run.out).toContain(`disposition      "${disposition}" confirmed, and the dialer holds ${disposition}`);
      expect(run.out).toContain('variables seen   X-correlation_id seen, X-lead_id seen, X-first_name seen');
      expect(run.out).toContain('The outcome is written back.');
      expect(await dispositionsAt(dialer)).toContainEqual({ value: disposition, by, isChange: true });
    },
    slowMs,
  );

  it('is as it was once all is taken back, by undo and by hand', { timeout: slowMs }, async () => {
    await stopService();
    goDark(site);

    const undone = await site.run('setup', 'undo', '--yes');

    expect(undone).toMatchObject({ exitCode: 0, err: '' });
    expect(undone.out).not.toMatch(/^(changed since|failed|was gone)/m);
    await takeBackByHand(site, undone);
    const again = await site.run('setup', 'undo', '--yes');
    expect(again.out).not.toMatch(/^(taken back|changed since|by hand|failed)/m);
    expect((await site.run('setup', 'undo', '--yes')).out).toBe('Nothing is left to take back.\n');
    await deleteAccounts(site.vicidial);
    expect(await statesOf(site)).toEqual(before);
  });
});

/** What a dialer's simulator saw written to a record. */
async function dispositionsAt(dialer: string): Promise<object[]> {
  const { simulator } = dialer === 'vicidial' ? site.vicidial : { simulator: site.five9 };
  const effects = (await simulator.journal()).filter(({ kind }) => kind === 'disposition');
  return effects.map(({ value, by, isChange }) => ({ value, by, isChange }));
}
