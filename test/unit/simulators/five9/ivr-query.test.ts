import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  hangUp,
  type QuerySettings,
  query,
  script,
  start,
  text,
  variable,
} from '../../../simulators/five9/ivr/write-script.ts';
import type { Five9SimulatorInput } from '../../../simulators/five9/options.ts';
import { ada, type CallCenter, openCallCenter, spring } from './call-center.ts';
import { type Asked, type StandIn, type StandInAnswer, standIn } from './stand-in.ts';

describe('the Query module of the IVR runner', () => {
  let center: CallCenter;
  let server: StandIn;
  let answer: (asked: Asked) => StandInAnswer | Promise<StandInAnswer>;

  beforeEach(async () => {
    answer = () => ({ text: '{"a":"one","b":"two"}' });
    server = await standIn((asked) => answer(asked));
  });
  afterEach(async () => {
    await center.five9.stop();
    await server.stop();
  });

  /** One Query between the start and one of two ends: `Done`, `Failed`. */
  async function ask(
    settings: Omit<QuerySettings, 'url'> & { url?: string },
    options: Partial<Five9SimulatorInput> = {},
  ) {
    const ends = [hangUp('Done', 0, 'No Disposition', true), hangUp('Failed', 0, 'No Disposition', true)];
    const asking = query('Ask', { url: `${server.url}/ask`, ...settings }, { next: 'Done', onError: 'Failed' });
    const variables = { a: 'before', b: 'before', status: '' };
    center = await openCallCenter({ ivrKey: 'made-up-key', ...options });
    center.five9.seed({
      campaigns: [{ name: spring, lists: ['Spring leads'], script: 'Test' }],
      scripts: [{ name: 'Test', xmlDefinition: script([start('Ask'), asking, ...ends], variables) }],
    });
    const placed = center.five9.call({ campaign: spring, number1: ada });
    if (placed.kind !== 'placed') throw new Error(placed.why);
    await placed.over;
    expect(placed.call.error).toBe('');
    return { ...placed.call, end: placed.call.path.at(-1) };
  }

  const both = { regexp: '"a":"([^"]*)","b":"([^"]*)"', groups: ['a', 'b'] };

  it('fills variables by the groups of the expression, the first of which is number 0', async () => {
    const call = await ask({ rules: [both] });

    expect(call.end).toBe('Done');
    expect(call.variables).toMatchObject({ a: 'one', b: 'two' });
  });

  it('takes the first rule whose range fits, and hands on from one that does not match', async () => {
    answer = () => ({ status: 404, text: 'nothing here' });

    const call = await ask({
      rules: [
        { ...both },
        { from: 400, to: 499, regexp: 'something (\\w+)', groups: ['a'] },
        { from: 200, to: 500, regexp: '(\\w+)', groups: ['b'] },
        { from: 404, to: 404, regexp: '(\\w+)', groups: ['a'] },
      ],
    });

    expect(call.end).toBe('Done');
    expect(call.variables).toMatchObject({ a: 'before', b: 'nothing' });
  });

  it('fails at a rule that does not match, where Five9 is taken to do so', async () => {
    const rules = [
      { regexp: 'x(.)', groups: ['a'] },
      { regexp: '(.+)', groups: ['b'] },
    ];

    const call = await ask({ rules }, { switches: { ruleWithoutMatch: 'error' } });

    expect(call.end).toBe('Failed');
  });

  it.each([
    ['kept', 'before'],
    ['emptied', undefined],
  ] as const)('leaves a variable %s whose group took no part', async (unmatchedGroup, left) => {
    const rules = [{ regexp: '"z":"(\\w+)"|"b":"(\\w+)"', groups: ['a', 'b'] }];

    const call = await ask({ rules }, { switches: { unmatchedGroup } });

    expect(call.variables.b).toBe('two');
    expect(call.variables.a).toBe(left);
  });

  it.each([
    ['nothing', 'empty', ''],
    ['its name', 'name', 'Call.comments'],
  ] as const)('sends %s for a variable without a value, as it is taken to do', async (_what, how, value) => {
    const parameters = [
      ['comments', variable('Call.comments')],
      ['a', variable('a')],
    ] as const;

    await ask({ parameters, rules: [both] }, { switches: { variableWithoutValue: how } });

    expect(server.asked[0]?.query).toEqual({ comments: value, a: 'before' });
  });

  it('takes the error branch when the answer is late', async () => {
    answer = () => new Promise((resolve) => setTimeout(() => resolve({ text: '{}' }), 3000).unref());

    const call = await ask({ fetchTimeout: 1, rules: [both], saveStatusCodeVar: 'status' });

    expect(call.end).toBe('Failed');
    expect(call.queries).toMatchObject([{ status: 0, error: 'TimeoutError' }]);
    expect(call.queries[0]?.ms).toBeGreaterThanOrEqual(950);
    expect(call.variables).toMatchObject({ a: 'before', 'IVR.error_desc': 'TimeoutError', status: '0' });
  });

  it.each([
    ['nobody listens', { url: 'http://127.0.0.1:1/ask', rules: [both] }],
    ['no rule fits the status', { rules: [{ ...both, from: 300, to: 399 }] }],
  ])('takes the error branch when %s', async (_what, settings) => {
    const call = await ask(settings);

    expect(call.end).toBe('Failed');
    expect(call.variables['IVR.error_code']).not.toBe('');
  });

  it('splices variables raw into the template, at their places', async () => {
    const template = {
      text: '{"n":"","c":""}',
      variables: [
        [6, 'Contact.first_name'],
        [13, 'Call.DNIS'],
      ] as const,
    };

    await ask(
      { method: 'POST', headers: [['Content-Type', text('application/json')]], template, rules: [both] },
      { seed: quotedName },
    );

    expect(server.asked[0]).toMatchObject({ body: `{"n":"Ada "A" L.","c":"${ada}"}`, query: {} });
    expect(server.asked[0]?.headers['content-type']).toBe('application/json');
  });

  it('sends parameters in the query by GET, as a form by POST', async () => {
    const parameters = [['who', variable('Contact.first_name')]] as const;

    await ask({ parameters, rules: [both] });
    await center.five9.stop();
    await ask({ method: 'POST', parameters, rules: [both] });

    expect(server.asked[0]).toMatchObject({ query: { who: 'Ada' }, body: '' });
    expect(server.asked[1]).toMatchObject({ query: {}, body: 'who=Ada' });
  });

  it.each([
    ['basic', 'authorization', `Basic ${btoa('five9:made-up-key')}`],
    ['bearer', 'authorization', 'Bearer made-up-key'],
    ['x-api-key', 'x-api-key', 'made-up-key'],
  ] as const)('shows who it is by %s', async (ivrAuthorization, header, value) => {
    await ask({ rules: [both] }, { ivrAuthorization });

    expect(server.asked[0]?.headers[header]).toBe(value);
  });
});

const quotedName = {
  campaigns: [{ name: spring, lists: ['Spring leads'] }],
  contacts: [{ fields: { number1: ada, first_name: 'Ada "A" L.' }, lists: ['Spring leads'] }],
};
