import { afterEach, beforeEach, expect, it } from 'vitest';
import { erasePerson, exportPerson } from '../../../src/flows/person.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const phone = '+13035550111';
const erase = { phone, by: 'cli:ada' };
let open: OpenDeps;

beforeEach(async () => {
  open = await openDeps();
  const at = new Date().toISOString();
  const refs = [{ instance: 'carousel', kind: 'call', key: 'mu-1' }];
  const leg = {
    dialer: 'carousel',
    callKey: 'mu-1',
    campaign: 'Autumn',
    list: '',
    leadKey: 'r1',
    number: '3035550111',
  };
  const facts = [
    {
      kind: 'registered',
      leg: { ...leg, phone, agent: '', calledAt: at },
      via: 'register',
      route: 'ai',
      reason: '',
      fields: {},
    },
    { kind: 'committed', outcome: 'sale', summary: 'Bought two', fields: {} },
  ] as const;
  for (const body of facts) {
    await recordFacts(open.deps, [{ refs, source: 'carousel', key: body.kind, at, body }], { budgetMs: 2000 });
  }
});
afterEach(() => open.close());

async function settleAll(): Promise<void> {
  const now = new Date(Date.now() + 1000).toISOString();
  const rows = await open.deps.store.claimWriteBacks({ dialer: 'carousel', limit: 10, leaseMs: 1000, now });
  const settled = {
    state: 'confirmed',
    dueAt: now,
    attempts: 0,
    inDoubt: false,
    receipt: '',
    why: '',
    hint: '',
    now,
  } as const;
  await open.deps.store.settleWriteBacks(rows.map(({ id, claim }) => ({ id, claim, ...settled })));
}

it('erases nothing while a write-back of the person waits for its dialer', async () => {
  const refused = await erasePerson(open.deps, { ...erase, isDryRun: false });

  expect(refused).toMatchObject({ open: [expect.any(String)], calls: 0 });
  expect((await exportPerson(open.deps, phone)).calls).toHaveLength(1);
});

it('finds and erases a conversation of no call that names the number, as the platform wrote it', async () => {
  await settleAll();
  const at = new Date().toISOString();
  const refs = [{ instance: 'sigmamind', kind: 'hint', key: 'conversation_ended:call_9' }];
  const event = { numbers: { customer: '3035550111', own: '' }, variables: { first_name: 'Ada' } };
  const body = { kind: 'noted', event: 'unconfirmed', text: JSON.stringify(event) } as const;
  await recordFacts(open.deps, [{ refs, source: 'sigmamind', key: 'hint:1', at, body }], { budgetMs: 2000 });

  const erased = await erasePerson(open.deps, { ...erase, isDryRun: false });

  expect(erased).toMatchObject({ calls: 2, left: [] });
  expect(await exportPerson(open.deps, phone)).toMatchObject({ calls: [] });
});

it('erases a call that told no opt-out without a trace but in the audit log, and only when told to', async () => {
  await settleAll();

  const dry = await erasePerson(open.deps, { ...erase, isDryRun: true });
  const heldAfterDry = (await exportPerson(open.deps, phone)).calls;
  const erased = await erasePerson(open.deps, { ...erase, isDryRun: false });

  expect([dry.calls, heldAfterDry.length, erased.calls, erased.keptAsEvidence]).toEqual([1, 1, 1, 0]);
  expect(JSON.stringify(heldAfterDry)).toContain('Bought two');
  expect(await exportPerson(open.deps, phone)).toMatchObject({ calls: [], leads: [], optOuts: [], failures: [] });
  const [entry] = await open.deps.store.auditLog(5);
  expect(entry).toMatchObject({ act: 'person-erase', by: 'cli:ada', subject: open.deps.hashNumber(phone) });
  expect(JSON.stringify(entry)).not.toContain('3035550111');
});
