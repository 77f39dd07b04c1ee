import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Five9Config } from '../../connectors/five9/config.ts';
import { generateScript } from '../../connectors/five9/ivr/script/generate.ts';
import { learnSeed } from '../../connectors/five9/ivr/script/seed.ts';
import { readXml, writeXml } from '../../connectors/five9/ivr/xml.ts';
import { connectors } from '../../connectors/index.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import type { CallLog } from '../simulators/five9/ivr/call-log.ts';
import { seedScript } from '../simulators/five9/ivr/seed-script.ts';
import type { CallInput } from '../simulators/five9/options.ts';
import type { Behaviour } from '../simulators/sigmamind/options.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../simulators/sigmamind/sigmamind-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { eventToken, inboundToken, keys, startTestApp, type TestApp, webhookSecret } from '../support/start-app.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';

/** A little before midnight in Los Angeles: Five9 takes numbers for its DNC list then. */
const clock = startFastClock(Date.parse('2026-11-21T07:30:00.000Z'), 40);

const aiNumber = '+19895550100';
const spring = 'Spring outbound';
/** Its script asks a Patchbay that is not there; the other one only for the outcome. */
const lonely = 'Lonely outbound';
const forsaken = 'Forsaken outbound';
/** The AI hands its customers to the number of the help line. */
const winter = 'Winter outbound';
const helpLine = 'Help line';
const helpNumber = '8885550177';

const dispositions: Record<string, string> = {
  opt_out: 'AI - Do not call',
  sale: 'AI - Sale',
  qualified: 'AI - Qualified',
  not_qualified: 'AI - Not qualified',
  callback: 'AI - Callback',
  not_interested: 'AI - Not interested',
  wrong_number: 'AI - Wrong number',
  language: 'AI - Language',
  transferred: 'AI - Transferred',
  voicemail: 'AI - Voicemail',
  no_answer: 'AI - No answer',
  busy: 'AI - Busy',
  hung_up: 'AI - Hung up',
  failed: 'AI - Failed',
  unknown: 'AI - Unknown',
};
const agentSays = 'Agent - Done';
const agent = { disposition: agentSays, afterSec: 20 };

const people = Array.from({ length: 100 }, (_, index) => `720555${String(101 + index).padStart(4, '0')}`);
const uncalled = [...people];
/** A contact whom nobody called yet. */
const someone = () => String(uncalled.shift());

let five9: Five9Simulator;
let overCarrier: Five9Simulator;
let sigmamind: SigmamindSimulator;
let patchbay: TestApp;
let publicUrl: string;

beforeAll(async () => {
  const port = await freePort();
  publicUrl = `http://127.0.0.1:${port}`;
  sigmamind = await startSigmamindSimulator({ clock, ...platformOptions() });
  const options = { clock, users: [five9User], aiUrl: sigmamind.url, aiNumber, ivrUser: 'script', ivrKey: keys.script };
  five9 = await startFive9Simulator({ ...options, switches: { callerHangUpEndsScript: false }, seed: domainSeed() });
  overCarrier = await startFive9Simulator({
    ...options,
    connection: 'carrier',
    switches: { lastDispositionFollowsSystem: true, variableWithoutValue: 'name' },
    seed: domainSeed(),
  });
  patchbay = await startTestApp({
    registry: connectors,
    clock,
    dialers: { five9: five9Config(five9.url), 'five9-carrier': five9Config(overCarrier.url) },
    config: {
      server: { port, publicUrl },
      outcomes: { technicalEndWaitSec: 10, humanWaitSec: 60 },
      outbox: { pollMs: 20, backoff: { firstMs: 1000, maxMs: 5000 } },
    },
  });
  for (const [simulator, id] of [
    [five9, 'five9'],
    [overCarrier, 'five9-carrier'],
  ] as const)
    install(simulator, id);
});

afterAll(async () => {
  await patchbay?.stop();
  await five9?.stop();
  await overCarrier?.stop();
  await sigmamind?.stop();
});

describe('handoff A: Five9 takes the call back and asks for the outcome', () => {
  const talk = (outcome: string): Said => ({ commit: { outcome, summary: `It is ${outcome}` } });
  const ends = (terminationReason: string): Said => ({ terminationReason });

  // Concurrent: a Query for a technical end waits for a better word until its budget is over.
  it.concurrent.each([
    ['sale', talk('sale')],
    ['not_qualified', talk('not_qualified')],
    ['not_interested', talk('not_interested')],
    ['wrong_number', talk('wrong_number')],
    ['unknown', talk('unknown')],
    ['voicemail', ends('voicemail')],
    ['no_answer', ends('no-answer')],
    ['busy', ends('busy')],
    ['hung_up', ends('user_ended_call')],
    ['failed', ends('failed')],
  ])('%s: hangs up with the disposition of the outcome, which Five9 then holds', async (outcome, said) => {
    const number = someone();

    const log = await dial(number, said);

    expect(log).toMatchObject({ error: '', handedToAi: true, disposition: dispositions[outcome] });
    expect(log.path.at(-1)).toBe(`Hang up: ${dispositions[outcome]}`);
    expect(asked(log)).toEqual(['register ai', 'outcome done hangup']);
    await settled(log, { [spring]: dispositions[outcome] });
  });

  it.concurrent.each(['qualified', 'language', 'transferred'])(
    '%s: goes to people, who have the last word',
    async (outcome) => {
      const number = someone();

      const log = await dial(number, talk(outcome), { human: agent });

      expect(log).toMatchObject({ error: '', branch: 'skill', humanDisposition: agentSays });
      expect(log.variables).toMatchObject({ 'SigmaMind.outcome': outcome, 'SigmaMind.summary': `It is ${outcome}` });
      expect(asked(log)).toEqual(['register ai', 'outcome done skill']);
      await settled(log, { [spring]: agentSays });
    },
  );

  it('callback: hangs up with its disposition, and the callback is in the list', async () => {
    const number = someone();

    const log = await dial(number, { commit: { outcome: 'callback', callbackInSec: 86_400 } });

    expect(log).toMatchObject({ error: '', disposition: dispositions.callback });
    expect(asked(log)).toEqual(['register ai', 'outcome done callback']);
    await eventually(() => {
      const { listEntries } = five9.state(number);
      expect(listEntries).toContainEqual({ list: 'AI callbacks', callTime: expect.any(String) });
    }, 15_000);
  });

  it('opt_out: is on the DNC list before the call ends, and register hangs up the next time', async () => {
    const number = someone();

    const log = await dial(number, talk('opt_out'));
    expect(log).toMatchObject({ error: '', disposition: dispositions.opt_out });
    expect(log.path).toContain('Set DNC');
    expect(asked(log)).toEqual(['register ai', 'outcome done dnc']);
    expect(five9.state(number).dnc).toBe(true);
    await settled(log, { [spring]: dispositions.opt_out });

    const again = await dial(number, talk('sale'), { force: true });
    expect(asked(again)).toEqual(['register hangup']);
    expect(again).toMatchObject({ handedToAi: false, disposition: dispositions.opt_out });
  });

  it('shows the agent clean text, whatever was in the summary and in the fields', async () => {
    const number = someone();
    const summary = 'Says "call\nme\\back"; likes 5\' boards';
    const fields = { intent: 'a "big"\r\none' };

    const log = await dial(number, { commit: { outcome: 'qualified', summary, fields } }, { human: agent });

    expect(log.error).toBe('');
    expect(log.variables['SigmaMind.summary']).toBe("Says 'call me/back'; likes 5' boards");
    expect(log.variables['SigmaMind.intent']).toBe("a 'big' one");
  });

  it('asks again while the outcome is pending, and does what it becomes', async () => {
    const number = someone();
    // Nothing is told before the analysis, which comes after the first Query has waited in vain.
    const analysis = [{ insightName: 'qualification', value: 'Interested' }];
    const said = { analysis, analysisAfterSec: 90, events: { reorder: true } };

    const log = await dial(number, said, { human: agent });

    expect(asked(log)).toEqual(['register ai', 'outcome pending skill', 'outcome done skill']);
    expect(log.variables['SigmaMind.outcome']).toBe('qualified');
  });

  it('believes the outcome that the BYE of the AI brings', async () => {
    const number = someone();
    const byeHeaders = { 'X-Outcome': 'not_interested', 'X-Summary': 'Has one already' };

    const log = await dial(number, { byeHeaders, events: { reorder: true }, analysisAfterSec: 200, analysis: [] });

    expect(log).toMatchObject({ error: '', disposition: dispositions.not_interested });
    expect(asked(log)).toEqual(['register ai', 'outcome done hangup']);
    await settled(log, { [spring]: dispositions.not_interested });
  });

  it('gets its disposition afterwards when the customer hung up on the AI, and the script asked no more', async () => {
    const log = await dial(someone(), ends('user_ended_call'), {}, overCarrier);

    expect(log).toMatchObject({ error: '', branch: 'caller hung up', disposition: 'Caller Disconnected' });
    expect(log.path.slice(-3)).toEqual(['Transfer to AI', 'Caller hung up', 'End']);
    expect(asked(log)).toEqual(['register ai']);
    await settled(log, { [spring]: dispositions.hung_up }, overCarrier);
  });

  it('answers fifty scripts that ask at once, each with its own outcome', async () => {
    const codes = ['sale', 'not_interested', 'wrong_number'];
    const wanted = Array.from({ length: 50 }, (_, index) => String(codes[index % codes.length]));

    const logs = await Promise.all(wanted.map((outcome) => dial(someone(), talk(outcome))));

    expect(logs.map(({ disposition }) => disposition)).toEqual(wanted.map((outcome) => dispositions[outcome]));
    const outcomes = logs.flatMap(({ queries }) => queries.filter(({ module }) => module === 'outcome'));
    // The script itself gives up after 5 s; the bench measures the machine.
    expect(outcomes).toHaveLength(50);
  });

  it('leads to people when Patchbay is away at register', async () => {
    const log = await dial(someone(), {}, { campaign: lonely, human: agent });

    expect(log).toMatchObject({ error: '', handedToAi: false, branch: 'skill', humanDisposition: agentSays });
  });

  it('leads to people when Patchbay is away at the outcome', async () => {
    const log = await dial(someone(), talk('sale'), { campaign: forsaken, human: agent });

    expect(log).toMatchObject({ error: '', handedToAi: true, branch: 'skill', humanDisposition: agentSays });
  });

  it('knows the call at the AI by its number where a carrier strips the headers', async () => {
    const number = someone();

    const log = await dial(number, talk('not_interested'), { campaign: spring }, overCarrier);

    const [atAi] = sigmamind.calls().filter(({ from }) => from.endsWith(number));
    expect(log.sipHeaders['X-correlation_id']).toBe(atAi?.variables.correlation_id);
    expect(atAi?.inboundWebhook).toMatchObject({ status: 200 });
    expect(asked(log)).toEqual(['register ai', 'outcome done hangup']);
    await settled(log, { [spring]: dispositions.not_interested }, overCarrier);
  });
});

describe('handoff B: the AI calls a number of Five9 for the customer', () => {
  const said = (mode: 'cold' | 'warm', more: object = {}): Said => ({
    commit: { outcome: 'qualified', summary: 'Wants a quote', fields: { intent: 'quote' } },
    handOver: { to: `+1${helpNumber}`, mode, ...more },
    terminationReason: 'call_transferred',
  });
  const shown = { 'SigmaMind.outcome': 'qualified', 'SigmaMind.summary': 'Wants a quote', 'SigmaMind.intent': 'quote' };

  it.each([
    ['cold', 'by the correlation ID in the headers', { callerId: 'own' }],
    ['warm', 'by the correlation ID in the headers', { callerId: 'own' }],
    ['cold', 'by the number of the customer', { sendsHeaders: false }],
    ['warm', 'by the number of the customer', { sendsHeaders: false }],
  ] as const)('%s: the agent sees the context %s', async (mode, _how, more) => {
    const number = someone();

    const log = await dial(number, said(mode, more), { campaign: winter, handoff: 'B', human: agent });

    const inbound = await inboundAfter(five9, log);
    expect(inbound).toMatchObject({ error: '', branch: 'skill', humanDisposition: agentSays, variables: shown });
    expect(asked(inbound)).toEqual(['context done skill']);
    // The AI's leg is bridged to the agent's, and ends with it.
    expect(log).toMatchObject({ error: '', disposition: 'Transferred To 3rd Party' });
    expect(Date.parse(log.endedAt)).toBeGreaterThanOrEqual(Date.parse(inbound.endedAt));
  });

  it('knows the call by its number alone when a carrier strips the headers', async () => {
    const log = await dial(someone(), said('cold'), { campaign: winter, handoff: 'B', human: agent }, overCarrier);

    const inbound = await inboundAfter(overCarrier, log);
    expect(inbound).toMatchObject({ error: '', branch: 'skill', variables: shown });
  });

  it('does not guess between two calls of one number', async () => {
    const number = someone();
    const request = { campaign: winter, handoff: 'B', human: agent, force: true } as const;
    await dial(number, said('cold', { sendsHeaders: false }), request);

    const log = await dial(number, said('cold', { sendsHeaders: false }), request);

    const inbound = await inboundAfter(five9, log);
    expect(asked(inbound)).toEqual(['context unknown skill']);
    expect(inbound).toMatchObject({ error: '', branch: 'skill' });
    expect(inbound.variables).not.toHaveProperty('SigmaMind.outcome');
  });
});

type Said = Partial<Omit<Behaviour, 'commit' | 'events' | 'handOver'>> & {
  commit?: { outcome: string; summary?: string; callbackInSec?: number; fields?: Record<string, string> };
  events?: Partial<Behaviour['events']>;
  handOver?: Partial<Behaviour['handOver']> & { to: string };
};

/** Plays a call to its end: what the AI does, who else takes it, and what the call went through. */
async function dial(number: string, said: Said, more: Partial<CallInput> = {}, at = five9): Promise<CallLog> {
  sigmamind.setBehaviours({ [number]: { talkSec: 4, analysisAfterSec: 5, analysis: null, ...said } });
  await put(`${sigmamind.url}/_sim/wiring`, { trunkUrl: at.url });
  const placed = at.call({ campaign: spring, number1: number, ...more });
  if (placed.kind !== 'placed') throw new Error(`the simulated Five9 does not dial: ${placed.why}`);
  await placed.over;
  return placed.call;
}

async function put(url: string, body: object): Promise<void> {
  await fetch(url, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

/** Each Query as `endpoint status route`; register without its status, which a busy machine may lower. */
function asked(log: CallLog): string[] {
  return log.queries.map(({ module, answered: { status, route } }) =>
    module === 'register' ? `${module} ${route}` : `${module} ${status} ${route}`,
  );
}

/** Waits until nothing of the call is to be written any more; then Five9 must hold this. */
async function settled(log: CallLog, held: Record<string, string | undefined>, at = five9): Promise<void> {
  await eventually(async () => {
    const rows = await patchbay.app.deps.store.writeBacksOf(log.correlation_id);
    expect(rows).not.toEqual([]);
    expect(rows.filter(({ state }) => ['pending', 'claimed', 'submitted'].includes(state))).toEqual([]);
    expect(at.state(log.number1).dispositions).toEqual(held);
  }, 15_000);
}

/** The call of the help line that came in while the other one was with the AI. */
async function inboundAfter(at: Five9Simulator, outbound: CallLog): Promise<CallLog> {
  const found = at
    .calls()
    .filter(({ campaign, startedAt }) => campaign === helpLine && startedAt >= outbound.startedAt);
  expect(found).toHaveLength(1);
  return found[0] as CallLog;
}

const five9User = { name: 'patchbay', password: 'made-up' };

function domainSeed() {
  const own = Object.values(dispositions).map((name) => {
    const type = {
      [String(dispositions.opt_out)]: 'DoNotDial',
      [String(dispositions.callback)]: 'RedialNumber',
    } as const;
    return { name, type: type[name] ?? ('FinalDisp' as const) };
  });
  return {
    dispositions: [...own, agentSays],
    contactFields: [
      ...['ai_summary', 'patchbay_key', 'ai_callback_mark'].map((name) => ({ name })),
      { name: 'last_agent_disposition', mapTo: 'LastAgentDisposition' as const },
      { name: 'last_agent_at', type: 'DATE_TIME' as const, mapTo: 'LastAgentDispositionDateTime' as const },
    ],
    contacts: people.map((number1, index) => ({
      fields: { number1, first_name: `Contact "${index}"`, patchbay_key: `key-${index}` },
      lists: ['Leads'],
    })),
    lists: ['AI callbacks'],
  };
}

function five9Config(host: string) {
  const campaign = (handoff: 'A' | 'B') => ({
    dispositions,
    fields: { ai_summary: 'summary' },
    screenPop: ['intent'],
    script: { transferTo: aiNumber, skill: 'Sales', handoff, correlationVariable: 'Call.correlation_id' },
  });
  return {
    type: 'five9',
    soap: { host, users: [{ user: five9User.name, password: five9User.password }] },
    domainTimeZone: 'America/Los_Angeles',
    headers: [
      { name: 'X-correlation_id', from: 'correlation_id' },
      { name: 'X-first_name', from: 'first_name' },
    ],
    campaigns: { [spring]: campaign('A'), [winter]: campaign('B'), [helpLine]: { screenPop: ['intent'] } },
    callbackList: 'AI callbacks',
    fields: {
      callbackMark: 'ai_callback_mark',
      lastAgentDisposition: 'last_agent_disposition',
      lastAgentDispositionAt: 'last_agent_at',
    },
    batch: { flushMs: 2000 },
    ivr: { callVariableGroup: 'SigmaMind' },
  };
}

/** Gives the domain its campaigns, with the scripts that the connector generates for them. */
function install(simulator: Five9Simulator, id: string): void {
  const config = Five9Config.parse(five9Config(simulator.url));
  const seed = learnSeed(readXml(seedScript(Object.values(dispositions))));
  const scriptFor = (campaign: string, part: 'call' | 'inbound' = 'call', url = publicUrl) => {
    const { root, blanks } = generateScript({ id, publicUrl: url, config, campaign, part, seed });
    expect(blanks).toEqual([]);
    return writeXml(root);
  };
  const scripts = {
    [spring]: scriptFor(spring),
    [winter]: scriptFor(winter),
    [helpLine]: scriptFor(winter, 'inbound'),
    [lonely]: scriptFor(spring, 'call', 'http://127.0.0.1:1'),
    [forsaken]: scriptFor(spring).replace(`${publicUrl}/v1/ivr/${id}/outcome`, 'http://127.0.0.1:1/outcome'),
  };
  simulator.seed({
    scripts: Object.entries(scripts).map(([name, xmlDefinition]) => ({ name, xmlDefinition })),
    campaigns: Object.keys(scripts).map((name) =>
      name === helpLine
        ? { name, type: 'INBOUND', ani: helpNumber, script: name }
        : { name, type: 'AUTODIAL', lists: ['Leads', 'AI callbacks'], script: name },
    ),
  });
}

function platformOptions() {
  const signed = { algo: 'sha256', encoding: 'hex', prefix: 'sha256=', signed: 'body' } as const;
  const platform = `${publicUrl}/v1/platforms/sigmamind`;
  return {
    apiKey: 'unused',
    webhookUrl: `${platform}/events/${eventToken}`,
    inboundWebhookUrl: `${platform}/inbound-call/${inboundToken}`,
    signature: { header: 'X-SigmaMind-Signature', ...signed, secrets: [webhookSecret] },
    tools: { commitUrl: `${platform}/tools/commit-outcome`, token: keys.tools },
  };
}
