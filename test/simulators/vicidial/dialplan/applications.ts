import type { AgiEffect, DialplanRun, Invite } from '../asterisk-dialplan.ts';
import { linesOfInvite, sipAddHeader } from '../sip-add-header.ts';
import type { Channel } from './channel.ts';
import { writeFunction } from './functions.ts';
import { DialplanError } from './parse-dialplan.ts';
import { callOf, splitArguments } from './split-arguments.ts';

/** Where the dialplan goes on. */
export type Jump = { kind: 'next' } | { kind: 'label'; label: string } | { kind: 'end' };

export interface ApplicationCall {
  channel: Channel;
  args: string;
  run: DialplanRun;
  /** Runs a pre-dial handler on the called channel. */
  runHandler(called: Channel): Promise<void>;
  agi(url: string, args: readonly string[]): Promise<AgiEffect>;
}

const next: Jump = { kind: 'next' };
const end: Jump = { kind: 'end' };

/** The applications that a carrier's entry may use. */
export const applications: Readonly<Record<string, (call: ApplicationCall) => Jump | Promise<Jump>>> = {
  Set({ channel, args }) {
    const at = args.indexOf('=');
    if (at < 1) throw new DialplanError(`Set without =: ${args}`);
    const [name, value] = [args.slice(0, at).trim(), args.slice(at + 1)];
    const call = callOf(name);
    if (call) writeFunction(channel, call.name, call.args, value);
    else channel.variables.set(name, value);
    return next;
  },
  GotoIf({ args }) {
    const [condition = '', labels = ''] = args.split(/\?(.*)/s);
    const [yes = '', no = ''] = labels.split(':');
    const label = condition.trim() !== '' && condition.trim() !== '0' ? yes : no;
    return label ? { kind: 'label', label } : next;
  },
  async AGI({ channel, args, agi }) {
    const [url = '', ...rest] = splitArguments(args);
    const { status, headers, variables } = await agi(url, rest);
    for (const [name, value] of Object.entries(variables)) channel.variables.set(name, value);
    for (const header of headers) addHeader(channel, header.join(': '));
    channel.variables.set('AGISTATUS', status);
    return next;
  },
  SIPAddHeader({ channel, args }) {
    const lines = sipAddHeader(args).map((header) => header.join(': '));
    addHeader(channel, lines.join('\n'));
    return next;
  },
  SIPRemoveHeader({ channel, args }) {
    for (const [name, value] of channel.variables.entries()) {
      const isMeant = value.toLowerCase().startsWith(args.trim().toLowerCase());
      if (name.startsWith('SIPADDHEADER') && isMeant) channel.variables.delete(name);
    }
    return next;
  },
  Dial: dial,
  Return: () => end,
  Hangup: () => end,
};

/** In the first free place of 50; a place that holds an empty text is taken. */
function addHeader(channel: Channel, header: string): void {
  const taken = new Set(channel.variables.entries().map(([name]) => name));
  const places = Array.from({ length: 50 }, (_, index) => `SIPADDHEADER${String(index + 1).padStart(2, '0')}`);
  const free = places.find((place) => !taken.has(place));
  if (free) channel.variables.set(`__${free}`, header);
}

/** Makes the called channel, runs its pre-dial handler, and sends the INVITE. The call then goes on until it ends. */
async function dial({ channel, args, run, runHandler }: ApplicationCall): Promise<Jump> {
  const [target = '', seconds = '', options = ''] = splitArguments(args, 3);
  const { tech, peer, number } = readTarget(target);
  const called: Channel = { ...channel, name: target, variables: channel.variables.inherited(), pjsipHeaders: [] };
  const handler = /b\(([^()]*)\)/.exec(options)?.[1];
  if (handler) {
    const [context = '', extension = '', priority = ''] = handler.split('^');
    if (priority !== '1') throw new DialplanError(`a handler begins at priority 1, not ${priority}`);
    await runHandler({ ...called, context, extension });
  }
  const headers = tech === 'PJSIP' ? called.pjsipHeaders.map((header) => header.join(': ')) : sipHeaders(called);
  run.invite = { tech, peer, number, seconds: Number(seconds), options, headers: headers.flatMap(linesOfInvite) };
  return end;
}

/** `SIP/peer/number` or `PJSIP/number@endpoint`. */
function readTarget(target: string): Pick<Invite, 'tech' | 'peer' | 'number'> {
  const sip = /^SIP\/([^/@]+)\/([^/@]+)$/.exec(target);
  if (sip) return { tech: 'SIP', peer: sip[1] ?? '', number: sip[2] ?? '' };
  const pjsip = /^PJSIP\/([^/@]+)@([^/@]+)$/.exec(target);
  if (pjsip) return { tech: 'PJSIP', number: pjsip[1] ?? '', peer: pjsip[2] ?? '' };
  throw new DialplanError(`Dial can't reach ${target}`);
}

/** chan_sip sends every variable SIPADDHEADERnn that the called channel inherited, if it has a value. */
function sipHeaders(called: Channel): string[] {
  return called.variables
    .entries()
    .filter(([name, value]) => name.startsWith('SIPADDHEADER') && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value);
}
