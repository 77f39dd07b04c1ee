import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assumedElements } from '../../../simulators/five9/ivr/modules/third-party-transfer.ts';
import {
  call,
  caseOf,
  condition,
  get,
  hangUp,
  ifElse,
  module,
  put,
  script,
  setVariable,
  skillTransfer,
  start,
  text,
  variable,
  whole,
} from '../../../simulators/five9/ivr/write-script.ts';
import type { CallInput, Five9SimulatorInput } from '../../../simulators/five9/options.ts';
import { eventually } from '../../../support/eventually.ts';
import { ada, type CallCenter, openCallCenter, spring } from './call-center.ts';
import { type StandIn, standIn } from './stand-in.ts';

describe('the IVR runner', () => {
  let center: CallCenter;
  let ai: StandIn;

  beforeEach(async () => {
    ai = await standIn(() => ({ text: '{}' }));
  });
  afterEach(async () => {
    await center.five9.stop();
    await ai.stop();
  });

  type Variables = Parameters<typeof script>[1];

  async function open(
    modules: readonly string[],
    variables: Variables,
    options: Partial<Five9SimulatorInput> = {},
    onHangup?: readonly string[],
  ): Promise<void> {
    center = await openCallCenter({ aiUrl: ai.url, ...options });
    center.five9.seed({
      campaigns: [{ name: spring, lists: ['Spring leads'], script: 'Test' }],
      scripts: [{ name: 'Test', xmlDefinition: script(modules, variables, onHangup) }],
    });
  }

  function dial(more: Partial<CallInput> = {}) {
    const placed = center.five9.call({ campaign: spring, number1: ada, ...more });
    if (placed.kind !== 'placed') throw new Error(placed.why);
    return placed;
  }

  async function run(modules: readonly string[], variables: Variables, more: Partial<CallInput> = {}) {
    await open(modules, variables);
    const placed = dial(more);
    await placed.over;
    return placed.call;
  }

  const done = hangUp('Done', 0, 'No Disposition', true);
  const list = variable('list');

  it('fills, reads and empties a KVList', async () => {
    const steps = [
      put('list', 'X-a', text('1')),
      put('list', 'X-b', variable('Contact.first_name')),
      put('list', 'X-a', text('2')),
      get('list', 'X-a', 'got'),
      call('size', 'INTEGER', 'SIZE', ['KVLIST', list]),
      call('key', 'STRING', 'GET_KEY', ['KVLIST', list], ['INTEGER', whole(1)]),
      call('whole', 'STRING', 'TOSTRING', ['KVLIST', list]),
      call('former', 'STRING', 'REMOVE', ['KVLIST', list], ['STRING', text('X-a')]),
      call('sum', 'INTEGER', 'SUM', ['INTEGER', variable('size')], ['INTEGER', whole(5)]),
      call('joined', 'STRING', 'CONCAT', ['STRING', variable('got')], ['STRING', text('!')]),
      { variableName: 'copy', isFunction: true, function: { name: '__COPY__' }, functionArgs: variable('joined') },
      { variableName: 'fixed', isFunction: false, constant: text('as is') },
    ];
    const texts = Object.fromEntries(['got', 'key', 'whole', 'former', 'joined', 'copy', 'fixed'].map((n) => [n, '']));

    const log = await run([start('Set'), setVariable('Set', steps, 'Done'), done], {
      ...texts,
      list: [],
      size: 0,
      sum: 0,
    });

    expect(log.error).toBe('');
    expect(log.variables).toMatchObject({
      got: '2',
      size: '2',
      key: 'X-b',
      whole: '{"X-a":"2","X-b":"Ada"}',
      former: '2',
      sum: '7',
      joined: '2!',
      copy: '2!',
      fixed: 'as is',
      list: '{"X-b":"Ada"}',
    });
  });

  it('takes the first branch of a Case that fits, else No Match', async () => {
    const modules = [
      start('Digits'),
      module('getDigits', 'Digits', { targetVariableName: 'pressed' }, { next: 'Which' }),
      caseOf('Which', 'pressed', { '1': 'One', '2': 'Two' }, 'Other'),
      ...['One', 'Two', 'Other'].map((name) => hangUp(name, 0, 'No Disposition', true)),
    ];

    const two = await run(modules, { pressed: '' }, { keys: ['2'] });
    await center.five9.stop();
    const nine = await run(modules, { pressed: '' }, { keys: ['9'] });

    expect(two.path).toEqual(['Start', 'Digits', 'Which', 'Two']);
    expect(nine.path).toEqual(['Start', 'Digits', 'Which', 'Other']);
    expect(two.branch).toBe('2');
  });

  it.each([
    ['ALL', 'No'],
    ['ANY', 'Yes'],
  ] as const)('If/Else takes %s conditions', async (grouping, end) => {
    const conditions = [
      condition('LESS_THAN', 'count', whole(10)),
      condition('REGEXP', 'word', text('b.+')),
      condition('CONTAINS', 'word', text('nan')),
      condition('MORE_THAN', 'count', whole(9)),
    ];
    const modules = [
      start('Is it'),
      ifElse('Is it', grouping, conditions, { IF: 'Yes', ELSE: 'No' }),
      ...['Yes', 'No'].map((name) => hangUp(name, 0, 'No Disposition', true)),
    ];

    const log = await run(modules, { count: 9, word: 'banana' });

    expect(log.path.at(-1)).toBe(end);
  });

  it.each([
    [
      'goes in circles',
      [start('A'), setVariable('A', [], 'B'), setVariable('B', [], 'A')],
      /500 steps, the last at "[AB]": it goes in circles/,
    ],
    [
      'uses a variable that is not declared',
      [start('A'), setVariable('A', [get('list', 'k', 'nobody')], 'Done')],
      /declare/,
    ],
    ['has a module that is not simulated', [start('A'), module('iterator', 'A', {})], /"A" is a iterator module/],
    ['calls another script', [start('A'), module('foreignScript', 'A', {})], /foreignScript/],
    ['leads nowhere', [start('A'), setVariable('A', [], '')], /"A" leads nowhere/],
    ['sets a disposition that the domain lacks', [start('A'), hangUp('A', 77, 'Sold', true)], /"Sold"/],
  ])('ends a call whose script %s, with the reason in its log', async (_what, modules, why) => {
    const log = await run([...modules, done], { list: [] });

    expect(log.error).toMatch(why);
    expect(log.endedAt).not.toBe('');
  });

  it('sets the disposition of the Hang-up in the call and in the record', async () => {
    const log = await run([start('Sold'), hangUp('Sold', 4711, 'Sale', true)], {});

    expect(log).toMatchObject({ disposition: 'Sale', error: '' });
    expect(center.five9.state(ada).dispositions).toEqual({ [spring]: 'Sale' });
    expect(center.five9.effects()).toContainEqual(
      expect.objectContaining({ kind: 'disposition', by: 'ivr', value: 'Sale', callKey: log.call_id }),
    );
  });

  it.each([
    ['Caller Disconnected', true],
    [undefined, false],
  ])('shows %s as last disposition after a Hang-up with one of its own, as it is taken to do', async (shown, is) => {
    const modules = [start('Gone'), hangUp('Gone', -17, 'Caller Disconnected', true)];
    await open(modules, {}, { switches: { lastDispositionFollowsSystem: is } });

    await dial().over;

    expect(center.five9.state(ada).contact?.fields.last_disposition || undefined).toBe(shown);
  });

  it('leaves the record alone at a Hang-up with a disposition of Five9 itself', async () => {
    await run([start('Done'), done], {});

    expect(center.five9.state(ada).dispositions).toEqual({});
  });

  describe('at a 3rd Party Transfer', () => {
    const twelve = Array.from({ length: 12 }, (_, index) => put('ToAI', `X-h${index}`, text(String(index))));

    function transfer(more: Record<string, boolean | number> = {}) {
      const data = {
        dispo: { id: -23, name: 'Transferred To 3rd Party' },
        thirdPartyNumber: text('+19895550100'),
        returnAfter3rdParty: true,
        send3rdParty: true,
        [assumedElements.send]: 'ToAI',
        receive3rdParty: true,
        [assumedElements.receive]: 'FromAI',
        maxTimeOf3rdParty: 600,
        ringingTimeout: 5,
        ...more,
      };
      return [
        start('Fill'),
        setVariable('Fill', [put('ToAI', 'plain', text('no')), ...twelve], 'To AI'),
        module('thirdPartyTransfer', 'To AI', data, { next: 'Read', onError: 'Unreached' }),
        setVariable('Read', [get('FromAI', 'X-Outcome', 'told')], 'Done'),
        done,
        hangUp('Unreached', 0, 'No Disposition', true),
      ];
    }
    const variables = { ToAI: [], FromAI: [], told: '' } as const;

    async function bye(reason = 'agent_ended_call'): Promise<void> {
      const asked = await eventually(() => {
        const [first] = ai.asked;
        if (!first) throw new Error('the AI was not called yet');
        return first;
      });
      const { endUrl } = JSON.parse(asked.body) as { endUrl: string };
      const body = { byeHeaders: { 'X-Outcome': 'sale', Via: 'no' }, reason };
      await fetch(endUrl, { method: 'POST', body: JSON.stringify(body) });
    }

    async function play(modules: readonly string[], options: Partial<Five9SimulatorInput> = {}, reason?: string) {
      await open(modules, variables, options);
      const placed = dial();
      await bye(reason);
      await placed.over;
      expect(placed.call.error).toBe('');
      return placed.call;
    }

    it('sends ten headers at most, all of them X-, and takes those of the BYE', async () => {
      const log = await play(transfer());

      const sent = JSON.parse(ai.asked[0]?.body ?? '{}') as { headers: Record<string, string>; from: string };
      expect(Object.keys(sent.headers)).toEqual(Array.from({ length: 10 }, (_, index) => `X-h${index}`));
      expect(sent.from).toBe(ada);
      expect(log.variables).toMatchObject({ told: 'sale', FromAI: '{"X-Outcome":"sale"}' });
    });

    it('finds no header by its name where Five9 lower-cases those of the BYE', async () => {
      const log = await play(transfer(), { switches: { byeHeadersLowerCase: true } });

      expect(log.variables).toMatchObject({ FromAI: '{"x-outcome":"sale"}' });
      expect(log.variables).not.toHaveProperty('told');
    });

    it('loses its headers both ways over a carrier', async () => {
      const log = await play(transfer(), { connection: 'carrier' });

      expect(JSON.parse(ai.asked[0]?.body ?? '{}')).toMatchObject({ headers: {} });
      expect(log.byeHeaders).toEqual({});
    });

    it('shows the number of the campaign where Five9 does not show the customer', async () => {
      await play(transfer(), { switches: { dnisAsAni: false } });

      expect(JSON.parse(ai.asked[0]?.body ?? '{}')).toMatchObject({ from: '8005550100' });
    });

    it('ends the call as transferred when it does not return', async () => {
      const log = await play(transfer({ returnAfter3rdParty: false }));

      expect(log.path.at(-1)).toBe('To AI');
      expect(log.disposition).toBe('Transferred To 3rd Party');
    });

    it('cuts the leg after its longest time', async () => {
      await open(transfer({ maxTimeOf3rdParty: 30 }), variables);

      const placed = dial();
      await eventually(() => expect(placed.call.handedToAi).toBe(true));
      center.clock.advance(30_000);
      await placed.over;

      expect(placed.call).toMatchObject({ byeReason: 'too long', error: '' });
      expect(placed.call.path.at(-1)).toBe('Done');
    });

    it('takes the error branch when the far end is away', async () => {
      await open(transfer(), variables, { aiUrl: 'http://127.0.0.1:1' });

      const placed = dial();
      await placed.over;

      expect(placed.call.path.at(-1)).toBe('Unreached');
      expect(placed.call).toMatchObject({ handedToAi: false, aiStatus: 0 });
    });

    it('runs the on-hangup modules when the caller hangs up on the AI', async () => {
      const log = await play(transfer(), { switches: { callerHangUpEndsScript: true } }, 'user_ended_call');

      expect(log.path).toEqual(['Start', 'Fill', 'To AI', 'Caller hung up', 'Gone']);
      expect(log).toMatchObject({ branch: 'caller hung up', disposition: 'Caller Disconnected' });
      expect(center.five9.state(ada).dispositions).toEqual({});
    });
  });

  it('shows an agent the variables that the call has then', async () => {
    const modules = [
      start('Set'),
      setVariable(
        'Set',
        [call('SigmaMind.summary', 'STRING', 'CONCAT', ['STRING', text('Wants ')], ['STRING', text('tea')])],
        'People',
      ),
      skillTransfer('People', 'Done'),
      done,
    ];

    const log = await run(modules, {});

    expect(log).toMatchObject({ branch: 'skill', variables: { 'SigmaMind.summary': 'Wants tea' } });
  });
});
