import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doneBefore } from '../../src/domain/check-order.ts';
import { type Checked, type NamedCheck, runChecks } from '../../src/flows/doctor/run-checks.ts';

/** One thing that can be wrong with a site, done to it. */
export interface Break<Site> {
  what: string;
  /** Breaks it. Gives what mends it again. */
  run(site: Site): Promise<() => Promise<void>>;
  /** What the check says of it. (Default: fail) */
  status?: 'fail' | 'warn' | 'unknown';
}

export interface BreakFixture<Site> {
  start(): Promise<{ site: Site; checks(): readonly NamedCheck[]; stop(): Promise<void> }>;
  /** By the check's id without its owner. */
  breaks: Readonly<Record<string, Break<Site> | readonly Break<Site>[]>>;
  /** Whose checks are broken here; those of others only stand beside. (Default: everybody's) */
  owner?: string;
}

/**
 * Healthy, every check is ok. Then each break: exactly that check turns, those that need it can't be told and name it,
 * nothing else changes; mended, it is ok again. A check without a break fails the test.
 */
export function describeBreaks<Site>(name: string, fixture: BreakFixture<Site>): void {
  describe(name, () => {
    let started: Awaited<ReturnType<BreakFixture<Site>['start']>>;
    beforeAll(async () => {
      started = await fixture.start();
    }, 180_000);
    afterAll(() => started?.stop());

    const breaks = Object.entries(fixture.breaks).flatMap(([id, some]) =>
      [some].flat().map((one: Break<Site>) => ({ ...one, id, status: one.status ?? 'fail' })),
    );

    it('finds nothing wrong with a healthy site', async () => {
      expect(notOk(await runChecks(started.checks()))).toEqual([]);
    }, 60_000);

    it('has a break for each check, and a check for each break', () => {
      const own = started.checks().filter(({ owner }) => !fixture.owner || owner === fixture.owner);

      expect(Object.keys(fixture.breaks).sort()).toEqual(own.map(({ check }) => check.id).sort());
    });

    it('says of each check what it looks at', () => {
      expect(started.checks().flatMap(({ id, check }) => (check.looksAt ? [] : id))).toEqual([]);
    });

    it.each(breaks)(
      '$id says $status: $what',
      async ({ id, status, run }) => {
        const mend = await run(started.site);
        let broken: Checked[];
        try {
          broken = await runChecks(started.checks());
        } finally {
          await mend();
        }

        const named = started.checks().find((each) => each.check.id === id && owns(fixture, each));
        expect(named, `the check ${id}`).toBeDefined();
        const turned = broken.find((each) => each.id === named?.id);
        expect(turned, words(broken)).toMatchObject({ status });
        expect({
          ...turned,
          found: turned?.found && 'said',
          why: turned?.why && 'said',
          fix: turned?.fix && 'said',
        }).toMatchObject({ found: 'said', why: 'said', fix: 'said' });
        const behind = status === 'warn' || !named ? [] : dependentsOf(started.checks(), named.id);
        const others = broken.filter((each) => each !== turned && each.status !== 'ok');
        expect(others.map((each) => each.id).sort(), words(broken)).toEqual(behind.sort());
        for (const each of others) expect(each).toMatchObject({ status: 'unknown', causes: [named?.id] });
        expect(notOk(await runChecks(started.checks())), 'mended').toEqual([]);
      },
      120_000,
    );
  });
}

function owns<Site>({ owner }: BreakFixture<Site>, check: NamedCheck): boolean {
  return owner === undefined || check.owner === owner;
}

/** Ids of the checks that need this one, themselves or by way of another. */
function dependentsOf(checks: readonly NamedCheck[], id: string): string[] {
  const found = new Set([id]);
  for (const one of found) {
    for (const other of checks) if (doneBefore(other).includes(one)) found.add(other.id);
  }
  found.delete(id);
  return [...found];
}

function notOk(checked: readonly Checked[]): Partial<Checked>[] {
  return checked
    .filter(({ status }) => status !== 'ok')
    .map(({ id, status, found, why, fix }) => ({ id, status, found, ...(why && { why }), ...(fix && { fix }) }));
}

function words(checked: readonly Checked[]): string {
  return JSON.stringify(notOk(checked), null, 1);
}
