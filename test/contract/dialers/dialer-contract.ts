import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instant } from '../../../src/domain/call.ts';
import { namedChecks, runInOrder } from '../../../src/domain/check-order.ts';
import type { Variables } from '../../../src/domain/connector.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Lead } from '../../../src/domain/lead.ts';
import type { Aspect, Desired, WriteBack, WriteBackTarget } from '../../../src/domain/write-back.ts';
import type { Effect } from '../../simulators/simulator.ts';
import { eventually } from '../../support/eventually.ts';
import { bringHome, type DeliveryRun, deliverAll, writeBackFor } from './bring-home.ts';
import { type ControlFixture, describeControl } from './control-contract.ts';
import { describeLaterCallbacks } from './later-callback-contract.ts';

/** One dialer under test, connected to its simulator. Every call and lead that it hands out is a fresh one. */
export interface DialerFixture extends DeliveryRun, ControlFixture {
  dialer: Dialer;
  /** Lets the clock that dialer and simulator share go on to this time, and the simulator do what is due by then. */
  passTimeTo(instant: Instant): Promise<void>;
  /** A call of a fresh lead that the AI had and that is over; nothing was written back for it. */
  endedCall(): Promise<WriteBackTarget>;
  /** A value that the dialer can take for this call; asked twice, it gives the same. */
  desired(aspect: Aspect, target: WriteBackTarget): Desired;
  /** All effects so far, oldest first. */
  journal(): Promise<readonly Effect[]>;
  /** The dialer stops answering at every door, and answers again. */
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  /** The next write takes effect in the dialer, but its answer is lost on the way. */
  loseNextAnswer(): Promise<void>;
  /** What it can't see of what was written; all else it can. */
  cantSee?: readonly Aspect[];
  /** The dialer forgets what was written, as after a restore of its database. */
  forget?(aspect: Aspect, target: WriteBackTarget): Promise<void>;
  /** An agent gives the lead a disposition after the call; gives it. */
  agentSets?(target: WriteBackTarget): Promise<string>;
  /** Another instance, whose password is wrong. The fixture closes it. */
  withWrongPassword(): Promise<Dialer>;
  /** Passwords, names and numbers that no error may show. */
  secrets: readonly string[];
  /** What the dialer hands over for one of its calls, and that call's own key. */
  ownCall: { variables: Variables; callKey: string };
  /** A configured campaign that maps to what the dialer has, and one that does not. */
  soundCampaign: string;
  doubtfulCampaign: string;
  /** Keys of all leads that a whole read gives; more than one page of them. */
  leadKeys(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface DialerContract {
  /** Makes simulator and connector. Called once; the suite calls `stop`. */
  start(): Promise<DialerFixture>;
}

/** What every dialer must do, whatever its kind. */
export function describeDialerContract(name: string, contract: DialerContract): void {
  describe(`${name}, as every dialer`, () => {
    let fixture: DialerFixture;
    beforeAll(async () => {
      fixture = await contract.start();
    });
    afterAll(async () => {
      await fixture?.stop();
    });

    describeDelivery(() => fixture);
    describeLaterCallbacks(() => fixture);
    describeTrouble(() => fixture);
    describeLooking(() => fixture);
    describeReading(() => fixture);
    describeRecords(() => fixture);
    describeControl(() => fixture);
  });
}

function describeDelivery(get: () => DialerFixture): void {
  it('answers every row of a batch', async () => {
    const fixture = get();
    const calls = [await fixture.endedCall(), await fixture.endedCall(), await fixture.endedCall()];
    const rows = calls.flatMap((target) =>
      fixture.dialer.aspects.map((aspect) => writeBackFor(target, fixture.desired(aspect, target))),
    );

    const answers = await deliverAll(fixture, rows);

    expect([...answers.keys()].sort()).toEqual(rows.map((row) => row.id).sort());
  });

  it.each(allAspects)('brings the %s of a call home', async (aspect) => {
    const fixture = get();
    if (!fixture.dialer.aspects.includes(aspect)) return;
    const row = await rowOf(fixture, aspect);
    const before = await effectsByUs(fixture);

    const answers = await bringHome(fixture, [row]);

    expect(answers.get(row.id)?.kind).toBe('done');
    expect((await effectsByUs(fixture)).length).toBeGreaterThan(before.length);
  });

  it.each(allAspects)('leaves one effect when the same %s row comes twice', async (aspect) => {
    const fixture = get();
    if (!fixture.dialer.aspects.includes(aspect)) return;
    const row = await rowOf(fixture, aspect);
    await bringHome(fixture, [row]);
    const once = await effectsByUs(fixture);

    const answers = await bringHome(fixture, [{ ...row, inDoubt: true }]);

    expect(answers.get(row.id)?.kind).toBe('done');
    expect(await effectsByUs(fixture)).toEqual(once);
  });

  it.each(allAspects)('reads the dialer first when a %s row is in doubt', async (aspect) => {
    const fixture = get();
    if (!fixture.dialer.aspects.includes(aspect)) return;
    const row = await rowOf(fixture, aspect);
    const before = await effectsByUs(fixture);
    await fixture.loseNextAnswer();
    const first = await deliverAll(fixture, [row]);
    expect(first.get(row.id)).toMatchObject({ kind: 'retry', inDoubt: true });
    await fixture.passTimeTo(new Date(fixture.clock.now() + backOffMs).toISOString());

    const answers = await bringHome(fixture, [{ ...row, inDoubt: true, attempts: 1 }]);

    expect(answers.get(row.id)?.kind).toBe('done');
    expectNoRepeat((await effectsByUs(fixture)).slice(before.length));
  });

  it('takes rows of one lead together without mixing them up', async () => {
    const fixture = get();
    const target = await fixture.endedCall();
    const rows = fixture.dialer.aspects.map((aspect) => writeBackFor(target, fixture.desired(aspect, target)));
    const before = await effectsByUs(fixture);

    const answers = await bringHome(fixture, rows);

    expect(rows.map((row) => answers.get(row.id)?.kind)).toEqual(rows.map(() => 'done'));
    expectNoRepeat((await effectsByUs(fixture)).slice(before.length));
  });

  it('writes nothing again of a call that is told anew, in doubt, as after a backup was put back', async () => {
    const fixture = get();
    const target = await fixture.endedCall();
    const correlationId = 'told-again';
    const rows = fixture.dialer.aspects.map((aspect) => ({
      ...writeBackFor(target, fixture.desired(aspect, target)),
      correlationId,
    }));
    await bringHome(fixture, rows);
    const once = await effectsByUs(fixture);
    const later = new Date(fixture.clock.now() + 120_000).toISOString();
    await fixture.passTimeTo(later);

    const again = rows.map((row) => ({ ...row, id: `${row.id}-again`, createdAt: later, dueAt: later, inDoubt: true }));
    const answers = await bringHome(fixture, again);

    expect(again.map(({ id }) => answers.get(id)?.kind)).toEqual(rows.map(() => 'done'));
    expect(await effectsByUs(fixture)).toEqual(once);
  });

  it('holds a campaign whose mapping the dialer contradicts, and only that', async () => {
    const { dialer, doubtfulCampaign, soundCampaign } = get();

    const holds = (await dialer.reviewCampaigns?.()) ?? [];

    if (!dialer.reviewCampaigns) return;
    expect(holds.map((hold) => hold.campaign)).toContain(doubtfulCampaign);
    expect(holds.map((hold) => hold.campaign)).not.toContain(soundCampaign);
    expect(holds.find((hold) => hold.campaign === doubtfulCampaign)?.hint).toContain('dispositions');
  });
}

function describeTrouble(get: () => DialerFixture): void {
  it('loses no row while the dialer is down', async () => {
    const fixture = get();
    const target = await fixture.endedCall();
    const rows = fixture.dialer.aspects.map((aspect) => writeBackFor(target, fixture.desired(aspect, target)));
    await fixture.goDown();
    const whileDown = await deliverAll(fixture, rows).finally(() => fixture.comeUp());

    const answers = await bringHome(fixture, rows);

    for (const row of rows) {
      const answer = whileDown.get(row.id);
      expect(['retry', 'notYet']).toContain(answer?.kind);
      // Tries are few, and an outage may be long.
      if (answer?.kind === 'retry') expect(answer.isOutage).toBe(true);
      expect(answers.get(row.id)?.kind).toBe('done');
    }
  });

  it('passes its checks when the dialer is well, and not when it is down', async () => {
    const fixture = get();
    const checks = fixture.dialer.checks();
    // What one run has read is kept for that run.
    const runAll = async () => [...(await runInOrder(namedChecks([fixture.dialer]), { atOnce: 4 })).values()];
    const asksNobody = new Set(checks.filter(({ needs = [] }) => needs.length === 0).map(({ id }) => id));
    // A dialer's heartbeats may need a moment after the clock has leapt.
    const well = await eventually(async () => {
      const results = await runAll();
      expect(results.filter(({ status }) => status !== 'ok')).toEqual([]);
      return results;
    });
    await fixture.goDown();
    const down = await runAll().finally(() => fixture.comeUp());

    expect(checks.length).toBeGreaterThan(0);
    expect(new Set(checks.map((check) => check.id)).size).toBe(checks.length);
    expect(well).toHaveLength(checks.length);
    expect(down.map((result) => result.status)).toContain('fail');
    const seen = down.filter(({ id, status }) => status === 'ok' && !asksNobody.has(id.replace(/^.*:/, '')));
    expect(seen).toEqual([]);
    for (const result of down) if (result.status === 'fail') expect(result.fix).not.toBe('');
  });

  it('shows no secret and no personal data when it fails', async () => {
    const fixture = get();
    const target = await fixture.endedCall();
    const rows = fixture.dialer.aspects.map((aspect) => writeBackFor(target, fixture.desired(aspect, target)));
    const denied = await fixture.withWrongPassword();
    const said: unknown[] = [await outcomeOf(() => denied.deliver(rows))];
    said.push(await outcomeOf(() => Promise.all(denied.checks().map((check) => check.run()))));
    await fixture.goDown();
    said.push(await outcomeOf(() => fixture.dialer.deliver(rows)));
    said.push(await outcomeOf(async () => fixture.dialer.readLeads?.('', AbortSignal.timeout(5000))));
    await fixture.comeUp();

    const text = said.map((each) => inspect(each, { depth: 20, showHidden: true })).join('\n');
    for (const secret of [...fixture.secrets, target.number, target.phone].filter(Boolean)) {
      expect(text).not.toContain(secret);
    }
  });
}

function describeLooking(get: () => DialerFixture): void {
  const written = async (fixture: DialerFixture, aspect: Aspect): Promise<WriteBack> => {
    const row = await rowOf(fixture, aspect);
    await bringHome(fixture, [row]);
    return { ...row, state: 'confirmed', settledAt: new Date(fixture.clock.now()).toISOString() };
  };
  const stateOf = async ({ dialer }: DialerFixture, row: WriteBack) => (await dialer.look?.([row]))?.get(row.id);

  it.each(allAspects)('sees the %s that was written, and writes nothing by looking', async (aspect) => {
    const fixture = get();
    if (!fixture.dialer.look || !fixture.dialer.aspects.includes(aspect)) return;
    const row = await written(fixture, aspect);
    const before = await fixture.journal();

    const state = await stateOf(fixture, row);

    expect(state?.kind).toBe(fixture.cantSee?.includes(aspect) ? 'unknown' : 'as-wanted');
    expect(await fixture.journal()).toEqual(before);
  });

  it.each(allAspects)('sees that a %s was lost, and takes it once more', async (aspect) => {
    const fixture = get();
    const { dialer, forget, cantSee } = fixture;
    if (!dialer.look || !forget || !dialer.aspects.includes(aspect) || cantSee?.includes(aspect)) return;
    const row = await written(fixture, aspect);
    await forget(aspect, row.target);

    const lost = await stateOf(fixture, row);
    await bringHome(fixture, [{ ...row, state: 'pending', inDoubt: true }]);

    expect(lost?.kind).toBe('lost');
    expect((await stateOf(fixture, row))?.kind).toBe('as-wanted');
  });

  it('sees that an agent has set the disposition since', async () => {
    const fixture = get();
    if (!fixture.dialer.look || !fixture.agentSets) return;
    const row = await written(fixture, 'disposition');
    const disposition = await fixture.agentSets(row.target);

    const state = await stateOf(fixture, row);
    const asked = { ...row, desired: { aspect: 'disposition', disposition: '', outcome: 'unknown' } as const };

    expect(state).toMatchObject({ kind: 'moved-on', held: disposition });
    expect(await stateOf(fixture, asked)).toEqual(state);
  });

  it.each(['disposition', 'callback'] as const)(
    'writes a %s over an agent only where an operator corrected the call since',
    async (aspect) => {
      const fixture = get();
      if (!fixture.agentSets) return;
      const row = await written(fixture, aspect);
      await fixture.agentSets(row.target);
      const overrules = new Date(fixture.clock.now() + 2000).toISOString();
      const desired = { ...row.desired, overrules };
      const plain = { ...row, id: `${row.id}-plain`, revision: 2, state: 'pending' } as const;
      const overruling = { ...plain, id: `${row.id}-overruling`, revision: 3, inDoubt: true, desired } as WriteBack;

      const yielding = (await bringHome(fixture, [plain])).get(plain.id);
      const corrected = (await bringHome(fixture, [overruling])).get(overruling.id);

      expect(yielding?.kind).toBe('overtaken');
      expect(corrected?.kind).toBe('done');
      if (fixture.dialer.look) expect((await stateOf(fixture, overruling))?.kind).toBe('as-wanted');
    },
  );

  it('calls nothing lost while it is down', async () => {
    const fixture = get();
    if (!fixture.dialer.look) return;
    const rows: WriteBack[] = [];
    for (const aspect of fixture.dialer.aspects) rows.push(await rowOf(fixture, aspect));
    await fixture.goDown();

    const said = await outcomeOf(async () => fixture.dialer.look?.(rows)).finally(() => fixture.comeUp());

    const states = said instanceof Map ? [...(said as ReadonlyMap<string, { kind: string }>).values()] : [];
    expect(states.map(({ kind }) => kind).filter((kind) => kind !== 'unknown')).toEqual([]);
  });
}

function describeReading(get: () => DialerFixture): void {
  it('recognises its own call, the same each time', () => {
    const { dialer, ownCall } = get();
    const variables = Object.freeze({ ...ownCall.variables });

    const first = dialer.recogniseCall?.(variables);
    const second = dialer.recogniseCall?.(variables);

    if (!dialer.recogniseCall) return;
    expect(first?.leg).toMatchObject({ dialer: dialer.id, callKey: ownCall.callKey });
    expect(first?.refs.length).toBeGreaterThan(0);
    expect(first?.refs.every((ref) => ref.instance === dialer.id && ref.key !== '')).toBe(true);
    expect(second).toEqual(first);
  });

  it.each<Variables>([
    {},
    { call_id: '' },
    { call_id: '???', number: 'x' },
    { code: 'Anonymous', cl: '<unknown>', phone: 'unavailable' },
    { foo: 'bar', lead_id: 'not-a-number' },
    { constructor: 'x', toString: 'y' },
  ])('recognises nothing in foreign variables %j', (variables) => {
    const { dialer } = get();

    const sighting = dialer.recogniseCall?.(variables) ?? null;

    expect(sighting).toBeNull();
  });

  it('reads every lead once, also when each page is asked for anew', async () => {
    const fixture = get();
    if (!fixture.dialer.readLeads) return;
    const expected = [...(await fixture.leadKeys())].sort();

    const { leads, pages } = await readAll(fixture.dialer);

    expect(pages).toBeGreaterThan(1);
    expect(leads.map((lead) => lead.key).sort()).toEqual(expected);
    expect(leads.every((lead) => lead.dialer === fixture.dialer.id && lead.phones.length > 0)).toBe(true);
  });

  it('finds the lead of a call that it knows', async () => {
    const fixture = get();
    const { dialer, ownCall } = fixture;
    if (!dialer.recogniseCall || !dialer.findLead) return;
    const sighting = dialer.recogniseCall(ownCall.variables);
    if (!sighting) throw new Error('the dialer does not recognise its own call');

    const lead = await dialer.findLead(sighting, AbortSignal.timeout(5000));

    expect(lead).toMatchObject({ dialer: dialer.id });
    expect(lead?.phones).toContain(sighting.leg.phone);
  });
}

function describeRecords(get: () => DialerFixture): void {
  it('tells what its own records hold of a call that is over, and nothing of another', async () => {
    const fixture = get();
    const { dialer } = fixture;
    if (!dialer.readLegRecord) return;
    const leg = { ...(await fixture.endedCall()), dialer: dialer.id };

    const record = await dialer.readLegRecord(leg);
    const again = await dialer.readLegRecord(leg);
    const stranger = await dialer.readLegRecord({ ...leg, callKey: 'V0000000009999999999', leadKey: '9999999999' });
    const nobody = await dialer.readLegRecord({ ...leg, callKey: '', leadKey: '' });

    expect(record).toMatchObject({ recordingUrls: [] });
    const { answeredAt = '', endedAt = answeredAt } = record ?? {};
    expect(Math.abs(Date.parse(answeredAt) - Date.parse(leg.calledAt))).toBeLessThan(60_000);
    expect(endedAt >= answeredAt).toBe(true);
    expect(again).toEqual(record);
    expect([stranger, nobody]).toEqual([null, null]);
  });
}

/** A worker does not try again at once. */
const backOffMs = 10_000;

const allAspects: Aspect[] = ['disposition', 'callback', 'dnc', 'fields'];

async function rowOf(fixture: DialerFixture, aspect: Aspect): Promise<WriteBack> {
  const target = await fixture.endedCall();
  return writeBackFor(target, fixture.desired(aspect, target));
}

/** Also those that changed nothing: a value that is written although it is there counts as a repeat. */
async function effectsByUs(fixture: DialerFixture): Promise<Effect[]> {
  return (await fixture.journal()).filter((effect) => effect.by === 'api');
}

function expectNoRepeat(effects: readonly Effect[]): void {
  const said = effects.map((effect) => JSON.stringify([effect.kind, effect.record, effect.campaign, effect.value]));
  expect(said).toEqual([...new Set(said)]);
}

async function readAll(dialer: Dialer): Promise<{ leads: Lead[]; pages: number }> {
  const leads: Lead[] = [];
  let cursor = '';
  for (let pages = 1; pages < 1000; pages += 1) {
    const page = await dialer.readLeads?.(cursor, AbortSignal.timeout(10_000));
    const again = pages === 2 ? await dialer.readLeads?.(cursor, AbortSignal.timeout(10_000)) : page;
    expect(again).toEqual(page);
    if (!page) break;
    leads.push(...page.leads);
    cursor = page.cursor;
    if (!cursor) return { leads, pages };
  }
  throw new Error('the read never ends');
}

/** What came back or was thrown; a thrown thing must be our own error, and one that may be tried again. */
async function outcomeOf(attempt: () => Promise<unknown>): Promise<unknown> {
  try {
    return await attempt();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ConnectorError);
    expect((thrown as ConnectorError).retryable).toBe(true);
    return thrown;
  }
}
