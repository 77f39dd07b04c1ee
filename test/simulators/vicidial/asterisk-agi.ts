import { createConnection, type Socket } from 'node:net';
import { type LegHeaders, linesOfInvite, sipAddHeader } from './sip-add-header.ts';

/** The channel on which the dialplan runs `AGI(agi://…)`. What is left out is as on a channel that does not know it. */
export interface AgiChannel {
  callerIdName?: string;
  callerIdNumber?: string;
  uniqueid?: string;
  channel?: string;
  extension?: string;
  context?: string;
  dnid?: string;
  /** The customer hangs up after so many milliseconds; with AGIEXITONHANGUP=yes the channel is freed at once. */
  hangUpAfterMs?: number;
}

export interface AgiRun {
  /** In the order in which they were added; in the INVITE the last comes first. */
  headers: LegHeaders;
  /** What SET VARIABLE set, names as they were given. */
  variables: Record<string, string>;
  /** `AGISTATUS` afterwards. */
  status: 'SUCCESS' | 'FAILURE';
  /** Every command that was run, for a test that asks whether there was one too many. */
  commands: string[];
}

const connectMs = 2000;
/** One line of AGI; what is longer is cut without a word. */
const longestLine = 2047;
const knownApplications = ['sipaddheader', 'sipremoveheader', 'noop', 'system', 'verbose', 'set'];

/**
 * Runs `AGI(url,args…)` as Asterisk's dialplan does: one connection, the environment, then command after command until
 * the other side closes. Asterisk has no time limit for an answer, so neither has this.
 *
 * @param url `agi://host:port/script`
 */
export async function runAgi(url: string, channel: AgiChannel, args: readonly string[]): Promise<AgiRun> {
  const run: AgiRun = { headers: [], variables: {}, status: 'FAILURE', commands: [] };
  const { hostname, port, pathname, search } = new URL(url.replace(/^agi:/, 'http:'));
  const socket = await connect(hostname.replace(/^\[|\]$/g, ''), Number(port || 4573));
  if (!socket) return run;

  run.status = 'SUCCESS';
  socket.write(environmentOf(url, `${pathname.slice(1)}${search}`, channel, args));
  await converse(socket, channel, run);
  return run;
}

function connect(host: string, port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, noDelay: true, allowHalfOpen: true });
    const timer = setTimeout(() => socket.destroy(), connectMs);
    const settle = (result: Socket | null) => {
      clearTimeout(timer);
      resolve(result);
    };
    socket.once('connect', () => settle(socket));
    socket.on('error', () => settle(null));
    socket.once('close', () => settle(null));
  });
}

function environmentOf(url: string, script: string, channel: AgiChannel, args: readonly string[]): string {
  const variables: [string, string][] = [
    ['network', 'yes'],
    ['network_script', script],
    ['request', url],
    ['channel', channel.channel ?? 'SIP/carrier-00000001'],
    ['language', 'en'],
    ['type', 'SIP'],
    ['uniqueid', channel.uniqueid ?? '1763657999.7'],
    ['version', '18.26.4'],
    ['callerid', channel.callerIdNumber || 'unknown'],
    ['calleridname', channel.callerIdName || 'unknown'],
    ['callingpres', '0'],
    ['callingani2', '0'],
    ['callington', '0'],
    ['callingtns', '0'],
    ['dnid', channel.dnid ?? 'unknown'],
    ['rdnis', 'unknown'],
    ['context', channel.context ?? 'default'],
    ['extension', channel.extension ?? '979819895551234'],
    ['priority', '4'],
    ['enhanced', '0.0'],
    ['accountcode', ''],
    ['threadid', '140000000000000'],
    ...args.map((arg, index): [string, string] => [`arg_${index + 1}`, arg]),
  ];
  return `${variables.map(([name, value]) => `agi_${name}: ${value}\n`).join('')}\n`;
}

/**
 * Runs one command whenever something comes: a second line of the same packet stays in Asterisk's buffer until more
 * comes, or the other side closes.
 */
function converse(socket: Socket, channel: AgiChannel, run: AgiRun): Promise<void> {
  let pending = Buffer.alloc(0);
  let isStuck = false;

  function takeLine(): boolean {
    const end = pending.indexOf(10);
    if (end < 0 || isStuck) return false;
    const line = pending.subarray(0, end);
    pending = pending.subarray(end + 1);
    // A NUL ends the text for Asterisk before its line end: it goes on waiting for one.
    if (line.includes(0)) isStuck = true;
    else socket.write(runCommand(line.subarray(0, longestLine).toString('utf8'), run));
    return true;
  }

  return new Promise((resolve) => {
    const timer =
      channel.hangUpAfterMs === undefined ? undefined : setTimeout(() => socket.destroy(), channel.hangUpAfterMs);
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      takeLine();
    });
    socket.on('end', () => {
      while (takeLine());
      socket.end('HANGUP\n');
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Gives Asterisk's reply, line ends included. */
function runCommand(line: string, run: AgiRun): string {
  const words = parseWords(line);
  const [first = '', second = '', third = '', fourth] = words;
  run.commands.push(line);
  switch (first.toUpperCase()) {
    case 'EXEC':
      if (words.length < 2) return usage('EXEC <application> <options>');
      if (!knownApplications.includes(second.toLowerCase())) return '200 result=-2\n';
      // Only one word is the argument: without quotes `X-a: b` is cut at its blank.
      if (second.toLowerCase() === 'sipaddheader') run.headers.push(...sipAddHeader(third));
      return '200 result=0\n';
    case 'SET': {
      if (second.toUpperCase() !== 'VARIABLE' || fourth === undefined) return usage('SET VARIABLE <variable> <value>');
      run.variables[third] = fourth;
      if (/^_{1,2}SIPADDHEADER/i.test(third)) run.headers.push(...linesOfInvite(fourth));
      return '200 result=1\n';
    }
    default:
      return '510 Invalid or unknown command\n';
  }
}

function usage(text: string): string {
  return `520-Invalid command syntax.  Proper usage follows:\n Usage: ${text}\n520 End of proper usage.\n`;
}

/** Splits as Asterisk does: at blanks outside quotes; a backslash keeps the next character and goes itself. */
function parseWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (character === '\\') {
      at += 1;
      word = (word ?? '') + (line[at] ?? '');
    } else if (character === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else if (!isQuoted && (character === ' ' || character === '\t')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}
