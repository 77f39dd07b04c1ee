import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';

// Makes calls as Asterisk's channels do: a fresh connection each, plain sockets, as little work as can be, for it shares
// the machine with what it measures. The first argument names a file with the plan; one JSON line comes out.

const Plan = z.strictObject({
  way: z.enum(['fastagi', 'http']),
  port: z.int(),
  /** `Authorization` of the HTTP requests. */
  authorization: z.string().default(''),
  path: z.string().default(''),
  /** One caller code each. */
  codes: z.array(z.string()).min(1),
  /** So many of them are called first, and not counted: this program must be warm as well. */
  warmUp: z.int(),
  atOnce: z.int().min(1),
  /** Rest between bursts; 0 is the closed loop: a channel that is done makes room for the next at once. */
  restMs: z.int(),
  /** Headers that every answer must have. */
  headers: z.int(),
});
type Plan = z.infer<typeof Plan>;

interface Call {
  ms: number;
  headers: number;
}

const plan = Plan.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
const call = plan.way === 'fastagi' ? callByAgi : callByHttp;
await inClosedLoop(plan, plan.codes.slice(0, plan.warmUp));
const codes = plan.codes.slice(plan.warmUp);
const calls = plan.restMs > 0 ? await inBursts(plan, codes) : await inClosedLoop(plan, codes);
const times = calls.map(({ ms }) => ms).sort((a, b) => a - b);
const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
const result = {
  count: calls.length,
  faults: calls.filter(({ headers }) => headers !== plan.headers).length,
  medianMs: at(0.5),
  p95Ms: at(0.95),
  p99Ms: at(0.99),
  maxMs: times.at(-1) ?? 0,
};
process.stdout.write(`${JSON.stringify(result)}\n`);

async function inClosedLoop({ atOnce }: Plan, codes: readonly string[]): Promise<Call[]> {
  const done: Call[] = [];
  const left = [...codes].reverse();
  async function channel(): Promise<void> {
    for (let code = left.pop(); code !== undefined; code = left.pop()) done.push(await call(code));
  }
  await Promise.all(Array.from({ length: atOnce }, channel));
  return done;
}

async function inBursts({ atOnce, restMs }: Plan, codes: readonly string[]): Promise<Call[]> {
  const done: Call[] = [];
  for (let start = 0; start < codes.length; start += atOnce) {
    done.push(...(await Promise.all(codes.slice(start, start + atOnce).map(call))));
    await wait(restMs);
  }
  return done;
}

/** Over when the service closes: then the dialplan goes on. */
function callByAgi(code: string): Promise<Call> {
  const environment = [
    'agi_network: yes',
    'agi_network_script: vicidial',
    `agi_request: agi://127.0.0.1:${plan.port}/vicidial`,
    'agi_channel: SIP/carrier-00000001',
    'agi_language: en',
    'agi_type: SIP',
    `agi_uniqueid: ${uniqueidOf(code)}`,
    'agi_version: 18.26.4',
    `agi_callerid: ${phoneOf(code)}`,
    `agi_calleridname: ${code}`,
    'agi_callingpres: 0',
    'agi_callingani2: 0',
    'agi_callington: 0',
    'agi_callingtns: 0',
    'agi_dnid: unknown',
    'agi_rdnis: unknown',
    'agi_context: default',
    'agi_extension: 979819895551234',
    'agi_priority: 4',
    'agi_enhanced: 0.0',
    'agi_accountcode: ',
    'agi_threadid: 140000000000000',
    `agi_arg_1: ${code}`,
    '\n',
  ].join('\n');
  return exchange(environment, (chunk, answered) => {
    answered.headers += chunk.startsWith('EXEC SIPAddHeader') ? 1 : 0;
    return '200 result=0\n';
  });
}

/** Over when the body is there. */
function callByHttp(code: string): Promise<Call> {
  const query = `code=${code}&cl=${code}&phone=${phoneOf(code)}&uid=${uniqueidOf(code)}&fmt=arr`;
  const request = `GET ${plan.path}?${query} HTTP/1.1\r\nHost: 127.0.0.1:${plan.port}\r\nAuthorization: ${plan.authorization}\r\nUser-Agent: asterisk-libcurl-agent/1.0\r\nAccept: */*\r\n\r\n`;
  let received = '';
  return exchange(request, (chunk, answered) => {
    received += chunk;
    const end = received.indexOf('\r\n\r\n');
    const length = /content-length: (\d+)/i.exec(received)?.[1];
    if (end < 0 || length === undefined || Buffer.byteLength(received.slice(end + 4)) < Number(length)) return '';
    answered.headers = received.slice(end + 4).match(/X-/g)?.length ?? 0;
    return null;
  });
}

/** One connection. `reply` gives what to send, nothing, or null for the end. */
function exchange(first: string, reply: (chunk: string, answered: Call) => string | null): Promise<Call> {
  const startedAt = performance.now();
  const answered: Call = { ms: 0, headers: 0 };
  return new Promise((resolve) => {
    const socket = createConnection({ port: plan.port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('utf8');
    socket.write(first);
    const end = () => {
      answered.ms = performance.now() - startedAt;
      socket.destroy();
      resolve(answered);
    };
    socket.on('data', (chunk: string) => {
      const text = reply(chunk, answered);
      if (text === null) end();
      else if (text) socket.write(text);
    });
    socket.on('end', end);
    socket.on('error', end);
  });
}

function uniqueidOf(code: string): string {
  return `17636${code.slice(5, 10)}.${Number(code.slice(10))}`;
}

/** The made-up site's lead 1001 has 303 555 1000, and so on. */
function phoneOf(code: string): string {
  return `303555${Number(code.slice(10)) - 1}`;
}
