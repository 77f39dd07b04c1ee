import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import { VicidialConfig, vicidial } from '../../../connectors/vicidial/index.ts';
import { toServerText } from '../../../connectors/vicidial/server-time.ts';
import type { Way } from '../../../connectors/vicidial/setup/carrier-config.ts';
import { dollar } from '../../../connectors/vicidial/setup/snippets/dialplan-lines.ts';
import { makeSnippets } from '../../../connectors/vicidial/setup/snippets/snippets.ts';
import { type DialplanRun, parseDialplan, runDialplan } from '../../simulators/vicidial/asterisk-dialplan.ts';
import { keys, startTestApp, type TestApp } from '../../support/start-app.ts';

const zone = 'America/Denver';
const leadId = '12345678';
const extension = '770019895551234';
const patchbayWays = ['curl', 'hash', 'json', 'fastagi'] as const;
const techs = ['chan_sip', 'pjsip'] as const;
const everyWay = techs.flatMap((tech) => patchbayWays.map((way) => [tech, way] as const));

/** What a lead's fields may hold, and what of it may reach the platform. */
const hostile = {
  first_name: ['Ann\\r\\nX-evil: 1', 'Ann/r/nX-evil: 1'],
  last_name: ['O\r\nX-evil: 2\nSET VARIABLE x "1"', "O X-evil: 2 SET VARIABLE x '1'"],
  city: [
    `Winston-Salem, NC; ${dollar('EXTEN')} $[1+1] a=b&c=d %0d%0a`,
    `Winston-Salem, NC; ${dollar('EXTEN')} $[1+1] a=b&c=d %0d%0a`,
  ],
  owner: ['a) :99 (b [c :-) "quoted"', "a) :99 (b [c :-) 'quoted'"],
  comments: ['Ünïcode 🙂\u0000end\u0007', 'Ünïcode 🙂 end'],
} as const;
const headers = [
  { name: 'X-correlation_id', from: 'correlation_id' },
  { name: 'X-lead_id', from: 'lead_id' },
  ...Object.keys(hostile).map((field) => ({ name: `X-${field}`, from: field })),
  { name: 'X-email', from: 'email' },
];

let patchbay: TestApp;
/** The second one is configured to send the caller code itself. */
const ids = ['vicidial', 'coded'];
const agiPorts: Record<string, number> = {};
beforeAll(async () => {
  const fastAgi = { port: 0 };
  const coded = [{ name: 'X-caller_code', from: 'caller_code' }, ...headers];
  patchbay = await startTestApp({
    registry: { dialers: [vicidial], platforms: [sigmamind] },
    dialers: {
      vicidial: rawConfig('chan_sip', { fastAgi }),
      coded: rawConfig('chan_sip', { fastAgi, headers: coded }),
    },
  });
  const listening = patchbay.log.filter((line) => line.msg === 'listening');
  for (const { connector, address } of listening)
    agiPorts[String(connector)] = Number(/:(\d+)$/.exec(String(address))?.[1]);
  const fields = Object.fromEntries(Object.entries(hostile).map(([name, [text]]) => [name, text]));
  const now = new Date().toISOString();
  const lead = { key: leadId, list: '101', campaign: 'SPRING', phones: ['+13035551000'], fields, changedAt: now };
  const leads = ids.map((dialer) => ({ ...lead, dialer }));
  await patchbay.app.deps.store.saveLeads(leads, now);
});
afterAll(() => patchbay.stop());

function rawConfig(tech: string, more: Record<string, unknown> = {}) {
  return {
    type: 'vicidial',
    api: { url: 'http://127.0.0.1:9/vicidial/non_agent_api.php', user: 'patchbay', pass: 'secret7Word' },
    database: { host: '127.0.0.1', port: 9, user: 'reader', password: 'x' },
    timeZone: zone,
    headers,
    headerBudget: { bytes: 2000 },
    prefetch: { everyMs: 0 },
    carrier: { tech, number: '+19895551234' },
    ...more,
  };
}

/** The generated carrier entry and handler, the API key filled in as an admin would. */
function entryOf(tech: string, way: Way, publicUrl: string, id = 'vicidial'): string {
  const port = publicUrl === patchbay.url ? agiPorts[id] : Number(new URL(publicUrl).port);
  const config = VicidialConfig.parse(rawConfig(tech, { fastAgi: { port } }));
  return makeSnippets({ id, config, publicUrl }, ['carrier'], way)
    .filter(({ name }) => name !== 'carrier-account')
    .map(({ text }) => text.replaceAll('PATCHBAY_API_KEY', keys.script))
    .join('\n');
}

let seconds = 0;
/** A caller code of its own for each call. */
function freshCode(): string {
  seconds += 1;
  const wall = toServerText(Date.now() - seconds * 1000, zone);
  return `V${wall.slice(5).replace(/\D/g, '').slice(1)}${leadId.padStart(10, '0')}`;
}

interface Caller {
  code?: string;
  name?: string;
  connectedName?: string;
  scripts?: Record<string, () => Record<string, string>>;
}

function run(text: string, { code = freshCode(), name = code, connectedName = code, scripts }: Caller = {}) {
  return runDialplan({
    dialplan: parseDialplan(text, 'carriers'),
    context: 'carriers',
    extension,
    callerId: { name, num: '3035551000' },
    connectedLine: { name: connectedName, num: '3035551000' },
    uniqueid: `1763657999.${seconds}`,
    ...(scripts && { scripts: { 'agi://127.0.0.1:4577/call_log': () => ({}), ...scripts } }),
  });
}

/** Headers by name; a name that came twice stands out. */
function sent({ invite }: DialplanRun): [string, string][] {
  return [...(invite?.headers ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** HASH() can't hold brackets, so that the service leaves them out. */
function expected(code: string, way: Way): [string, unknown][] {
  const clean = (text: string) => (way === 'hash' ? text.replace(/[()[\]]/g, '') : text);
  const list: [string, unknown][] = [
    ['X-caller_code', code],
    ['X-correlation_id', expect.stringMatching(/^[0-9a-hjkmnp-tv-z]{14}$/)],
    ['X-lead_id', leadId],
    ...Object.entries(hostile).map(([name, [, text]]): [string, unknown] => [`X-${name}`, clean(text)]),
  ];
  return list.sort(([a], [b]) => (a < b ? -1 : 1));
}

describe.each(everyWay)('the generated entry for %s by %s', (tech, way) => {
  it('dials the platform with exactly the headers, whatever the lead holds', async () => {
    const code = freshCode();

    const result = await run(entryOf(tech, way, patchbay.url), { code });

    expect(result.steps[0]).toBe('AGI(agi://127.0.0.1:4577/call_log)');
    expect(result.invite).toMatchObject({
      tech: tech === 'pjsip' ? 'PJSIP' : 'SIP',
      peer: 'SigmaMind',
      number: '+19895551234',
      seconds: 55,
    });
    expect(sent(result)).toEqual(expected(code, way));
  });

  it('knows the call when the carrier has overwritten the name, words behind the code and all', async () => {
    const code = freshCode();

    const result = await run(entryOf(tech, way, patchbay.url), {
      code,
      name: 'SMITH, "JO" (x',
      connectedName: `${code} 5565 SPRING`,
    });

    expect(sent(result)).toEqual(expected(code, way));
  });

  it('sends no caller code and asks nothing of value when no name is a code', async () => {
    const result = await run(entryOf(tech, way, patchbay.url), { name: 'SMITH JO', connectedName: '' });

    expect(result.invite?.number).toBe('+19895551234');
    expect(sent(result)).toEqual([]);
  });

  it('dials with the caller code alone while Patchbay is dead', async () => {
    const code = freshCode();
    const startedAt = performance.now();

    const result = await run(entryOf(tech, way, 'http://127.0.0.1:9'), { code });

    expect(performance.now() - startedAt).toBeLessThan(300);
    expect(result.invite?.number).toBe('+19895551234');
    expect(sent(result)).toEqual([['X-caller_code', code]]);
  });

  it('sends the caller code once when it is among the configured headers', async () => {
    const code = freshCode();

    const result = await run(entryOf(tech, way, patchbay.url, 'coded'), { code });
    const dead = await run(entryOf(tech, way, 'http://127.0.0.1:9', 'coded'), { code });

    expect(sent(result)).toEqual(expected(code, way));
    expect(sent(dead)).toEqual([['X-caller_code', code]]);
  });
});

describe.each(everyWay.filter(([, way]) => way !== 'fastagi'))('the entry for %s by %s', (tech, way) => {
  it('dials within its own limits while Patchbay hangs', async () => {
    const held: Socket[] = [];
    const silent = createServer((socket) => held.push(socket));
    const port = await new Promise<number>((resolve) => {
      silent.listen(0, '127.0.0.1', () => resolve((silent.address() as { port: number }).port));
    });
    const code = freshCode();
    const startedAt = performance.now();

    const result = await run(entryOf(tech, way, `http://127.0.0.1:${port}`), { code });

    const tookMs = performance.now() - startedAt;
    for (const socket of held) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
    expect(tookMs).toBeGreaterThan(700);
    expect(tookMs).toBeLessThan(1300);
    expect(sent(result)).toEqual([['X-caller_code', code]]);
  });

  it('makes no headers of an error page', async () => {
    const code = freshCode();
    const wrongKey = entryOf(tech, way, patchbay.url).replaceAll(keys.script, 'pb_wrong-key');

    const result = await run(wrongKey, { code });

    expect(sent(result)).toEqual([['X-caller_code', code]]);
  });
});

describe.each(techs)("the entry for %s by VICIdial's own script", (tech) => {
  it('sends what the script knows, without anything that could be a header of its own', async () => {
    const code = freshCode();
    const lead = {
      _lead_id: leadId,
      _first_name: 'Ann\\r\\nX-evil:+1',
      _last_name: 'O\r\nX-evil: 2',
      _city: 'San+José',
    };

    const result = await run(entryOf(tech, 'set-variables', patchbay.url), {
      code,
      scripts: { 'agi-set_variables.agi': () => lead },
    });

    expect(sent(result)).toEqual([
      ['X-caller_code', code],
      ['X-city', 'San+Jos'],
      ['X-first_name', 'AnnrnXevil+1'],
      ['X-last_name', 'OXevil2'],
      ['X-lead_id', leadId],
    ]);
  });
});

describe('the dialplan of these tests', () => {
  const invite = async (lines: string, caller: Caller = {}) => (await run(lines, caller)).invite;
  const dial = `exten => _7700X.,n,Dial(SIP/p/${dollar('EXTEN:4')},55,To)`;

  it.each([
    ['an unknown application', 'exten => _7700X.,1,Sing(loud)', 'no application Sing'],
    ['an unknown function', `exten => _7700X.,1,Set(X=${dollar('SHELL(ls)')})`, 'no function SHELL'],
    ['an unknown option of CURL', 'exten => _7700X.,1,Set(CURLOPT(timeout)=1)', 'CURLOPT has no timeout'],
    ['a gap in the priorities', 'exten => _7700X.,1,Hangup()\nexten => _7700X.,3,Hangup()', 'does not follow'],
    ['a label that is not there', 'exten => _7700X.,1,GotoIf(1?nowhere)', 'no label nowhere'],
    ['a bracket that is not closed', `exten => _7700X.,1,Set(X=$\{EXTEN)`, 'not closed'],
    ['a script that VICIdial does not have', 'exten => _7700X.,1,AGI(my.agi)', 'no AGI script'],
    ['a pattern that the number does not fit', 'exten => _8800X.,1,Hangup()', 'no extension'],
  ])('refuses %s', async (_what, lines, why) => {
    await expect(async () => run(lines)).rejects.toThrow(why);
  });

  it('turns text that is not cleaned into headers of its own, as Asterisk does', async () => {
    const decoded = await invite(`exten => _7700X.,1,SIPAddHeader(X-a: \${CALLERID(name)})\n${dial}`, {
      name: 'Ann\\r\\nX-evil: 1',
    });
    const kept = await invite(`exten => _7700X.,1,Set(__SIPADDHEADER01=X-a: \${CALLERID(name)})\n${dial}`, {
      name: 'Ann\\r\\nX-evil: 1',
    });

    expect(decoded?.headers).toEqual([
      ['X-a', 'Ann'],
      ['X-evil', '1'],
    ]);
    expect(kept?.headers).toEqual([['X-a', 'Ann\\r\\nX-evil: 1']]);
  });

  it('hands on only what is marked for inheritance', async () => {
    const set = ['Set(SIPADDHEADER01=X-a: 1)', 'Set(_SIPADDHEADER02=X-b: 2)', 'Set(__SIPADDHEADER03=X-c: 3)'];
    const lines = set.map((each, index) => `exten => _7700X.,${index === 0 ? 1 : 'n'},${each}`).join('\n');

    expect((await invite(`${lines}\n${dial}`))?.headers).toEqual([
      ['X-b', '2'],
      ['X-c', '3'],
    ]);
  });

  it('sends what PJSIP_HEADER adds on the called channel only', async () => {
    const lines = `exten => _7700X.,1,Set(PJSIP_HEADER(add,X-a)=1)\nexten => _7700X.,n,Dial(PJSIP/${dollar('EXTEN:4')}@p,55,To)`;

    expect((await invite(lines))?.headers).toEqual([]);
  });
});
