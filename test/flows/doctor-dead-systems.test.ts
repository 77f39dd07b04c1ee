import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Examination, examineSite } from '../../src/flows/doctor/examine-site.ts';
import { killSystems, systems } from '../support/dead-systems.ts';
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
    return { ...(await examineSite(whole)), tookMs: performance.now() - startedAt };
  } finally {
    await close();
  }
}

describe('the doctor, with every system dead at once', () => {
  it('waits for each once, and for all at the same time', async () => {
    const healthy = await examine();
    const { asked, revive } = await killSystems(site, systems);
    const examination = await examine().finally(revive);

    const ill = examination.checked.filter(({ status }) => status !== 'ok');
    const roots = ill.filter(({ causes }) => causes.length === 0);
    const names = systems.map(({ root }) => root).sort();
    expect(roots.map(({ id }) => id).sort()).toEqual(names);
    expect(ill.filter(({ causes }) => causes.some((cause) => !names.includes(cause)))).toEqual([]);
    // A second connection of the root itself at most: the checks behind it do not ask at all.
    for (const times of asked()) expect(times).toBeLessThanOrEqual(2);
    const longest = Math.max(...roots.map(({ tookMs }) => tookMs));
    expect(examination.tookMs).toBeLessThan(healthy.tookMs * 2 + longest + 2000);
  }, 120_000);
});
