import { type AgiRun, runAgi } from './asterisk-agi.ts';
import { applications, type Jump } from './dialplan/applications.ts';
import { type Channel, createVariables, type Names } from './dialplan/channel.ts';
import { type Dialplan, DialplanError, findExtension, type Priority } from './dialplan/parse-dialplan.ts';
import { callOf } from './dialplan/split-arguments.ts';
import { substitute } from './dialplan/substitute.ts';

export { DialplanError, matchesPattern, parseDialplan } from './dialplan/parse-dialplan.ts';

/** What Asterisk sends to the platform. */
export interface Invite {
  tech: 'SIP' | 'PJSIP';
  peer: string;
  number: string;
  seconds: number;
  options: string;
  /** In the order in which they were added; a line break in a value begins a new one. */
  headers: [name: string, value: string][];
}

export interface DialplanRun {
  /** Null when the entry ended without Dial. */
  invite: Invite | null;
  /** Every application that ran, its arguments filled in. */
  steps: string[];
}

/** What an AGI script or server did to the channel. */
export type AgiEffect = Pick<AgiRun, 'status' | 'headers' | 'variables'>;

export interface DialplanOptions {
  dialplan: Dialplan;
  context: string;
  extension: string;
  callerId: Names;
  connectedLine: Names;
  uniqueid: string;
  channelName?: string;
  /** The AGIs of VICIdial itself by what the dialplan calls them: the variables that they set. Others are asked over TCP. */
  scripts?: Readonly<Record<string, () => Readonly<Record<string, string>>>>;
}

const vicidialScripts: NonNullable<DialplanOptions['scripts']> = { 'agi://127.0.0.1:4577/call_log': () => ({}) };

/** No entry of ours has so many steps: it would be a loop. */
const mostSteps = 500;

/**
 * Runs an extension as Asterisk 18 does, down to its Dial, whose INVITE it gives. Knows what the generated carrier entries
 * use and no more: an unknown application or function is an error.
 */
export async function runDialplan(options: DialplanOptions): Promise<DialplanRun> {
  const { context, extension, callerId, connectedLine, uniqueid } = options;
  const channel: Channel = {
    name: options.channelName ?? 'SIP/carrier-00000001',
    uniqueid,
    context,
    extension,
    callerId: { ...callerId },
    connectedLine: { ...connectedLine },
    variables: createVariables(),
    pjsipHeaders: [],
  };
  const run: DialplanRun = { invite: null, steps: [] };
  await runExtension(options, run, channel);
  return run;
}

/** Runs one extension on one channel, from its first line until something ends it. */
export async function runExtension(options: DialplanOptions, run: DialplanRun, channel: Channel): Promise<void> {
  const lines = findExtension(options.dialplan, channel.context, channel.extension);
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]?.application ?? '';
    const filled = await substitute(channel, line);
    run.steps.push(filled);
    if (run.steps.length > mostSteps) throw new DialplanError('the dialplan goes round in circles');
    const call = callOf(filled) ?? { name: filled.trim(), args: '' };
    const jump = await runApplication(options, run, channel, call.name, call.args);
    if (jump.kind === 'end') return;
    at = jump.kind === 'label' ? indexOfLabel(lines, jump.label) : at + 1;
  }
}

async function runApplication(
  options: DialplanOptions,
  run: DialplanRun,
  channel: Channel,
  name: string,
  args: string,
): Promise<Jump> {
  const application = Object.hasOwn(applications, name) ? applications[name] : undefined;
  if (!application) throw new DialplanError(`no application ${name}`);
  return application({
    channel,
    args,
    run,
    runHandler: (called) => runExtension(options, run, called),
    agi: (url, agiArgs) => callAgi(options, channel, url, agiArgs),
  });
}

async function callAgi(
  { scripts = vicidialScripts }: DialplanOptions,
  channel: Channel,
  url: string,
  args: readonly string[],
): Promise<AgiEffect> {
  const script = Object.hasOwn(scripts, url) ? scripts[url] : undefined;
  if (script) return { status: 'SUCCESS', headers: [], variables: { ...script() } };
  if (!url.startsWith('agi://')) throw new DialplanError(`no AGI script ${url}`);
  const { callerId, uniqueid, context, extension } = channel;
  return runAgi(
    url,
    { callerIdName: callerId.name, callerIdNumber: callerId.num, uniqueid, channel: channel.name, extension, context },
    args,
  );
}

function indexOfLabel(lines: readonly Priority[], label: string): number {
  const index = lines.findIndex((line) => line.label === label);
  if (index < 0) throw new DialplanError(`there is no label ${label}`);
  return index;
}
