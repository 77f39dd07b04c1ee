import { describe, expect, it } from 'vitest';
import {
  dispositions,
  springSettings,
  startDomain,
  stopDomainsAfterEach,
  stopped,
  wrongPassword,
} from '../unit/five9/setup-domain.ts';

stopDomainsAfterEach();

const apply = { apply: true, json: true };

describe('patchbay five9 fields', () => {
  it('only compares without --apply, and says how to create what is missing', async () => {
    const { run, sent } = await startDomain({ campaigns: [stopped] });

    const { code, text } = await run('fields');

    expect(code).toBe(1);
    expect(text).toContain('missing  contact field patchbay_key: STRING');
    expect(text).toContain('npx patchbay five9 fields --apply');
    expect(sent('createContactField')).toBe(0);
  });

  it('creates what is missing with type and mapping, and nothing the second time', async () => {
    const { run, sent } = await startDomain({ campaigns: [stopped] });

    const first = await run('fields', apply);
    const second = await run('fields', apply);

    expect(first.code).toBe(0);
    expect(first.results.map(({ what, result }) => [what, result])).toEqual(
      [
        ...['patchbay_key', 'last_disposition', 'last_disposition_at', 'last_agent_disposition'],
        ...['last_agent_disposition_at', 'ai_callback_mark', 'ai_summary'],
      ].map((name) => [`contact field ${name}`, 'created']),
    );
    expect(second.code).toBe(0);
    expect(second.results.map(({ result }) => result)).toEqual(Array.from({ length: 7 }, () => 'there'));
    expect(second.results[2]?.detail).toBe('DATE_TIME, filled by Five9 (LastDispositionDateTime)');
    expect(sent('createContactField')).toBe(7);
  });

  it('creates nothing while a campaign runs, and names it', async () => {
    const running = { name: 'Winter', type: 'OUTBOUND', state: 'RUNNING' } as const;
    const { run, sent } = await startDomain({ campaigns: [stopped, running] });

    const { code, text } = await run('fields', { apply: true });

    expect(code).toBe(1);
    expect(text).toMatch(/only while no campaign runs\. Stop these first: Winter\.$/);
    expect(sent('createContactField')).toBe(0);
  });

  it('is content while a campaign runs when nothing is missing', async () => {
    const running = { ...stopped, state: 'RUNNING' } as const;
    const { run } = await startDomain({ campaigns: [running] }, { fields: {}, campaigns: {}, keyField: 'number1' });

    expect(await run('fields', apply)).toMatchObject({ code: 0, results: [] });
  });

  it('never changes a field that is there: another mapping, a key of numbers, a date for our text', async () => {
    const contactFields = [
      { name: 'last_disposition' },
      { name: 'patchbay_key', type: 'NUMBER' },
      { name: 'ai_summary', mapTo: 'LastAgent' },
    ] as const;
    const { run, sent } = await startDomain({ campaigns: [stopped], contactFields: [...contactFields] });

    const { code, results } = await run('fields', apply);

    expect(code).toBe(1);
    expect(results.filter(({ result }) => result === 'differs').map(({ what }) => what)).toEqual([
      'contact field patchbay_key',
      'contact field last_disposition',
      'contact field ai_summary',
    ]);
    expect(sent('modifyContactField')).toBe(0);
    expect(sent('createContactField')).toBe(4);
  });

  it('takes a field that somebody else was faster to create as done', async () => {
    const { run, simulator } = await startDomain({ campaigns: [stopped] });
    simulator.failNext('soapFault', { operation: 'createContactField', fault: 'ObjectAlreadyExistsFault' });

    expect((await run('fields', apply)).code).toBe(0);
  });

  it('goes on with the others when one is refused, and says why', async () => {
    const { run, simulator } = await startDomain({ campaigns: [stopped] });
    simulator.failNext('soapFault', { operation: 'createContactField', fault: 'ExecutionRestrictionFault' });

    const { code, results } = await run('fields', apply);

    expect(code).toBe(1);
    expect(results.map(({ result }) => result)).toEqual(['failed', ...Array.from({ length: 6 }, () => 'created')]);
    expect(results[0]?.detail).toContain('contact fields while no campaign runs');
  });
});

describe('patchbay five9 call-variables', () => {
  it('creates the group and what the screen pop shows, with lengths, and nothing the second time', async () => {
    const { run, simulator, sent } = await startDomain({ campaigns: [stopped] });

    const first = await run('call-variables', apply);
    const second = await run('call-variables', apply);

    expect(first.code).toBe(0);
    expect(first.results.map(({ what }) => what)).toEqual([
      'group SigmaMind',
      ...['outcome', 'summary', 'callback_at', 'correlation_id', 'intent'].map(
        (name) => `call variable SigmaMind.${name}`,
      ),
    ]);
    const summary = simulator.requests().find(({ body }) => body.includes('<name>summary</name>'));
    expect(summary?.body).toContain('<value>.{0,500}</value>');
    expect(summary?.body).toContain('<sensitiveData>true</sensitiveData>');
    expect(second).toMatchObject({ code: 0 });
    expect(new Set(second.results.map(({ result }) => result))).toEqual(new Set(['there']));
    expect(sent('createCallVariable')).toBe(5);
  });

  it('leaves a variable of another type as it is', async () => {
    const variables = [{ name: 'outcome', type: 'NUMBER' as const }];
    const { run } = await startDomain({ callVariableGroups: [{ name: 'SigmaMind', variables }] });

    const { code, results } = await run('call-variables', apply);

    expect(code).toBe(1);
    expect(results[1]).toEqual({
      what: 'call variable SigmaMind.outcome',
      result: 'differs',
      detail: 'is NUMBER, should be STRING',
    });
  });

  it('says that a group has to be named', async () => {
    const { run } = await startDomain({}, { ivr: {} });

    const { code, text } = await run('call-variables', { apply: true });

    expect(code).toBe(1);
    expect(text).toContain('ivr.callVariableGroup');
  });
});

describe('patchbay five9 dispositions', () => {
  it('creates them with the type that the outcome means, assigns them, and is harmless twice', async () => {
    const { run, simulator, sent } = await startDomain({ campaigns: [{ ...stopped, dispositions: ['Old'] }] });

    const first = await run('dispositions', apply);
    const second = await run('dispositions', apply);

    expect(first.code).toBe(0);
    expect(first.results).toEqual([
      made('AI - Do not call', 'AddAllNumbers for opt_out; in Spring'),
      made('AI - Sale', 'FinalDisp for sale; in Spring'),
      made('AI - Callback', 'RedialNumber for callback; in Spring'),
      made('AI - No contact', 'RedialNumber for no_answer, voicemail; in Spring'),
    ]);
    expect(second.code).toBe(0);
    expect(sent('createDisposition')).toBe(4);
    const assigned = simulator.requests().filter(({ operation }) => operation === 'addDispositionsToCampaign');
    expect(assigned.slice(0, 4).map(({ body }) => /<dispositions>(.*?)</.exec(body)?.[1])).toEqual([
      ...new Set(Object.values(dispositions)),
    ]);
  });

  it('does not change a disposition whose type lets an opted-out customer be called', async () => {
    const { run, sent } = await startDomain({ campaigns: [stopped], dispositions: ['AI - Do not call'] });

    const { code, results } = await run('dispositions', apply);

    expect(code).toBe(1);
    expect(results[0]).toMatchObject({ result: 'differs', detail: expect.stringContaining('take AddAllNumbers') });
    expect(sent('createDisposition')).toBe(3);
  });

  it('says which campaign Five9 does not have', async () => {
    const { run } = await startDomain({ campaigns: [] });

    const { code, results } = await run('dispositions', apply);

    expect(code).toBe(1);
    expect(results[0]).toMatchObject({ result: 'failed', detail: expect.stringContaining('campaignName Spring') });
  });

  function made(name: string, detail: string) {
    return { what: `disposition ${name}`, result: 'created', detail };
  }
});

describe('patchbay five9 keys', () => {
  const keyField = [{ name: 'patchbay_key' }];
  const contact = (number1: string, more: Record<string, string> = {}) => ({ fields: { number1, ...more } });
  const ada = '2125550101';
  const bob = '2125550102';
  const cyd = '2125550103';

  it('gives keys to those that have none, and never writes over one', async () => {
    const contacts = [contact(ada, { patchbay_key: 'ada-key' }), contact(bob), contact(cyd)];
    const { run, simulator } = await startDomain({ contactFields: keyField, contacts });
    const keyOf = (number: string) => simulator.state(number).contact?.fields.patchbay_key ?? '';

    const first = await run('keys', apply);
    const bobs = keyOf(bob);
    const second = await run('keys', apply);

    expect(first).toMatchObject({ code: 0, results: [{ read: 3, keyed: 1, filled: 2, shared: 0, refused: 0 }] });
    expect(keyOf(ada)).toBe('ada-key');
    expect(bobs).not.toBe('');
    expect(keyOf(cyd)).not.toBe(bobs);
    expect(second).toMatchObject({ code: 0, results: [{ read: 3, keyed: 3, filled: 0 }] });
    expect(keyOf(bob)).toBe(bobs);
  });

  it('only counts without --apply', async () => {
    const { run, sent } = await startDomain({ contactFields: keyField, contacts: [contact(ada), contact(bob)] });

    const { text } = await run('keys');

    expect(text).toContain('2 keys to write: add --apply');
    expect(sent('asyncUpdateCrmRecords')).toBe(0);
  });

  it('reports contacts that share a number, in one part or in two, and leaves them alone', async () => {
    const contacts = [
      ...[contact(ada, { state: 'NY' }), contact(ada, { state: 'NY', patchbay_key: 'first' })],
      ...[contact(bob, { state: 'NY' }), contact(bob, { state: 'NJ' })],
      contact('', { state: 'NJ' }),
    ];
    const partitions = [{ field: 'state', values: ['NY', 'NJ'] }];
    const { run, simulator } = await startDomain({ contactFields: keyField, contacts }, { sync: { partitions } });

    const { code, results } = await run('keys', apply);
    const { text } = await run('keys', { apply: true });

    expect(code).toBe(1);
    expect(results).toEqual([{ read: 5, keyed: 1, filled: 0, shared: 3, withoutNumber: 1, refused: 0, atCap: 0 }]);
    expect(text).toContain('3 share their first number with another contact: merge them in Five9');
    expect(simulator.state(bob).contact?.fields.patchbay_key).toBe('');
  });

  it('writes many in one batch import', async () => {
    const contacts = Array.from({ length: 250 }, (_, n) => contact(`212555${String(n).padStart(4, '0')}`));
    const { run, sent } = await startDomain({ contactFields: keyField, contacts });

    expect(await run('keys', apply)).toMatchObject({ code: 0, results: [{ filled: 250 }] });
    expect(sent('updateContacts')).toBe(1);
    expect(sent('asyncUpdateCrmRecords')).toBe(0);
  });

  it('says that a lost answer has to be waited for, so that no contact gets a second key', async () => {
    const soap = { timeoutMs: 400 };
    const { run, simulator } = await startDomain({ contactFields: keyField, contacts: [contact(ada)] }, {}, { soap });
    simulator.failNext('timeoutAfterEffect', { operation: 'asyncUpdateCrmRecords' });

    const lost = await run('keys', apply);
    const written = simulator.state(ada).contact?.fields.patchbay_key;
    const again = await run('keys', apply);

    expect(lost).toMatchObject({ code: 1, results: [{ hint: expect.stringContaining('wait ten minutes') }] });
    expect(again).toMatchObject({ code: 0, results: [{ keyed: 1, filled: 0 }] });
    expect(simulator.state(ada).contact?.fields.patchbay_key).toBe(written);
  });

  it('says when a lookup reached the cap, since there may be more', async () => {
    const contacts = Array.from({ length: 1001 }, (_, n) =>
      contact(`212555${String(n).padStart(4, '0')}`, { patchbay_key: `key-${n}` }),
    );
    const { run } = await startDomain({ contactFields: keyField, contacts });

    const { code, text } = await run('keys');

    expect(code).toBe(1);
    expect(text).toContain('split `sync.partitions`');
  });

  it('fills no field that is not ours, and says when there is none', async () => {
    const other = await startDomain({ contacts: [contact(ada)] }, { keyField: 'number1' });
    const none = await startDomain({ contacts: [contact(ada)] });

    expect(await other.run('keys', { apply: true })).toMatchObject({
      code: 1,
      text: expect.stringContaining('not ours'),
    });
    expect(await none.run('keys', { apply: true })).toMatchObject({
      code: 1,
      text: expect.stringContaining('npx patchbay five9 fields --apply'),
    });
  });

  it('says in JSON too that Five9 does not let us in', async () => {
    const { run } = await startDomain({}, springSettings, wrongPassword);

    const { code, results } = await run('keys', { json: true });

    expect(code).toBe(1);
    expect(results).toEqual([{ ok: false, why: expect.any(String), hint: expect.any(String) }]);
  });
});
