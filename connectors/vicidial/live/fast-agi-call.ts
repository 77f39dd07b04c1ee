import type { Socket } from 'node:net';
import type { CallSighting } from '../../../src/domain/call.ts';
import { fitHeaders, type SipHeader } from '../../../src/domain/sip-headers.ts';
import { findCall } from '../find-call.ts';
import { recogniseCall } from '../recognise.ts';
import type { Vicidial } from '../vicidial.ts';
import { type AgiTech, headerCommand, techOfScript } from './fast-agi-commands.ts';
import { type AgiLines, readAgiEnvironment, readAgiLines, readAgiReply } from './fast-agi-lines.ts';

/** How a connection ended. `ids`: the headers that need no look-up only; `broken`: the other side left before the end. */
export type AgiCallResult = 'answered' | 'ids' | 'unknown' | 'script' | 'broken';

/** An environment has 25 lines and the arguments; a reply is one line, or the usage text of a command. */
const maxBytes = 32_768;
const hungUp = -1;
/** Of the time for headers, how much may go into finding out which call the channel has. */
const findShare = 0.4;

/** Holds the dialogue of one call: reads who it is, and adds its headers one command at a time. */
export async function answerAgiCall(vicidial: Vicidial, socket: Socket, lookUpMs: number): Promise<AgiCallResult> {
  const lines = readAgiLines(socket, maxBytes);
  const environment = await readAgiEnvironment(lines);
  if (!environment) return 'broken';
  const tech = techOfScript(environment.get('agi_network_script') ?? '');
  if (!tech) return 'script';
  const findMs = Math.min(lookUpMs, vicidial.config.budgets.headersMs * findShare);
  const sighting = await findSighting(vicidial, environment, findMs);
  if (!sighting) return 'unknown';

  const { headers, isComplete } = await headersOf(vicidial, sighting, lookUpMs, tech);
  const isTold = await tell(socket, lines, tech, headers);
  if (!isTold) return 'broken';
  return isComplete ? 'answered' : 'ids';
}

/**
 * The caller id name may have been overwritten by the carrier; then the connected line's, an argument, still holds the
 * code. With neither, the dialer is asked which call this channel has.
 */
async function findSighting(
  vicidial: Vicidial,
  environment: ReadonlyMap<string, string>,
  lookUpMs: number,
): Promise<CallSighting | null> {
  const read = (name: string) => {
    const value = environment.get(name) ?? '';
    return value === 'unknown' ? '' : value;
  };
  const names = ['agi_calleridname', ...[...environment.keys()].filter((name) => name.startsWith('agi_arg_'))];
  const told = { phone: read('agi_callerid'), uid: read('agi_uniqueid') };
  const context = { ...vicidial, clock: vicidial.deps.clock };
  for (const code of names.map(read)) {
    const sighting = code && recogniseCall(context, { ...told, code });
    if (sighting && !sighting.isContinuation) return sighting;
  }
  const variables = { ...told, code: read('agi_calleridname'), cl: read('agi_arg_1') };
  return within(lookUpMs, findCall(vicidial, variables, AbortSignal.timeout(Math.ceil(lookUpMs))), () =>
    recogniseCall(context, variables),
  );
}

/** The call's headers; when they don't come in time, or not at all, those that follow from the caller code alone. */
async function headersOf(
  { config, deps }: Vicidial,
  sighting: CallSighting,
  lookUpMs: number,
  tech: AgiTech,
): Promise<{ headers: readonly SipHeader[]; isComplete: boolean }> {
  const asked = deps.registerCall(sighting, 'headers').catch((error: unknown) => {
    deps.log.error({ err: error }, 'a call could not be registered for its headers');
    return null;
  });
  const call = await within(lookUpMs, asked, () => null);
  // A variable of an earlier pass through the dialplan stays on the channel, so that those without a value are emptied.
  if (call) return { headers: tech === 'sip' ? call.sentHeaders : call.headers, isComplete: true };

  const { callKey, leadKey } = sighting.leg;
  const known: Record<string, string> = { caller_code: callKey, call_id: callKey, lead_id: leadKey };
  const ids = config.headers.map(({ name, from }) => [name, known[from] ?? ''] as const);
  return { headers: tech === 'sip' ? fitHeaders(ids, config.headerBudget).headers : ids, isComplete: false };
}

/** What the work gives, or what stands for it when the time is up. Counts the machine's time: a channel waits. */
async function within<T>(ms: number, work: Promise<T>, instead: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(instead()), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** False when the connection ended before the last reply. A command that Asterisk refuses costs its own header only. */
async function tell(socket: Socket, lines: AgiLines, tech: AgiTech, headers: readonly SipHeader[]): Promise<boolean> {
  for (const header of headers) {
    socket.write(`${headerCommand(tech, header)}\n`);
    const reply = await readAgiReply(lines);
    if (!reply || reply.code === 511 || reply.result === hungUp) return false;
  }
  return true;
}
