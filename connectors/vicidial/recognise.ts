import type { CallRef, CallSighting } from '../../src/domain/call.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Variables } from '../../src/domain/connector.ts';
import { toE164 } from '../shared/phone.ts';
import { type CallerCode, datedKey, parseCallerCode } from './caller-code.ts';
import type { VicidialConfig } from './config.ts';
import { leadFieldNames } from './tables/schema.ts';

/** Both caller id names of the channel, the headers that came back, a script's own call id, and what a From header shows. */
const codeNames = ['code', 'cl', 'caller_code', 'call_id', 'callid', 'from_name', 'from'];

export interface RecogniseContext {
  id: string;
  config: Pick<VicidialConfig, 'country' | 'timeZone'>;
  clock: Pick<Clock, 'now'>;
}

/** What variables say of a call besides its code; each is empty when it is not told. */
export interface CallClues {
  leadId: string;
  uniqueid: string;
  /** The customer's number as it was told. */
  number: string;
}

/**
 * Reads a call out of what the dialplan, a SIP header or the Start Call URL handed over. Only the caller code names call
 * and lead for certain; without one the dialer has to be asked, see find-call.ts.
 */
export function recogniseCall(context: RecogniseContext, variables: Variables): CallSighting | null {
  const read = readerFor(context, variables);
  const found = read && findCode(context, read);
  if (!found) return null;
  const { code, kind, leadId, key, calledAt } = found.code;
  const sighting = sightingOf(context, read, { code, key, leadId, calledAt, clues: cluesOf(read, found.name) });
  if (kind === 'inbound') return { ...sighting, isInbound: true };
  return kind === 'transfer' || kind === 'three-way' ? { ...sighting, isContinuation: true } : sighting;
}

/** What can help to find a call whose code did not survive; null when it belongs to another dialer or nothing is told. */
export function readClues(context: RecogniseContext, variables: Variables): CallClues | null {
  const read = readerFor(context, variables);
  const clues = read && cluesOf(read, 'code');
  return clues && (clues.leadId || clues.uniqueid || clues.number) ? clues : null;
}

/** A call as the dialer's own tables name it. `at` is ms since 1970. */
export interface FoundCall {
  code: string;
  leadId: string;
  uniqueid: string;
  campaign: string;
  number: string;
  at: number;
}

/** The sighting of a call that was found in the dialer, by what was handed over and what the dialer says. */
export function sightingOfFound(context: RecogniseContext, variables: Variables, call: FoundCall): CallSighting | null {
  const read = readerFor(context, variables);
  if (!read || !call.code || !call.leadId) return null;
  const { timeZone } = context.config;
  // A name that another build of VICIdial gave is as good as a code: it is in the live table.
  const parsed = parseCallerCode(call.code, context.clock.now(), timeZone);
  const known = parsed ?? { code: call.code, key: datedKey(call.code, call.at, timeZone), calledAt: call.at };
  const clues = { leadId: call.leadId, uniqueid: call.uniqueid, number: call.number };
  const sighting = sightingOf(context, read, { ...known, leadId: call.leadId, clues, campaign: call.campaign });
  return parsed?.kind === 'inbound' ? { ...sighting, isInbound: true } : sighting;
}

interface NamedCall extends Pick<CallerCode, 'code' | 'key' | 'leadId' | 'calledAt'> {
  clues: CallClues;
  campaign?: string;
}

function sightingOf({ id, config }: RecogniseContext, read: Reader, call: NamedCall): CallSighting {
  const { uniqueid, number } = call.clues;
  const refs: CallRef[] = [{ instance: id, kind: 'caller-code', key: call.key }];
  // Two servers of a cluster can mint the same uniqueid: the lead makes it one call's again.
  if (uniqueid) refs.push({ instance: id, kind: 'uniqueid', key: `${uniqueid}@${call.leadId}` });
  return {
    refs,
    leg: {
      dialer: id,
      callKey: call.code,
      campaign: call.campaign || read('campaign') || read('campaign_id'),
      list: read('list') || read('list_id'),
      leadKey: call.leadId,
      number,
      phone: number ? toE164(number, config.country) : '',
      agent: agentOf(read('agent') || read('user') || read('user_id')),
      calledAt: new Date(call.calledAt).toISOString(),
    },
    fields: fieldsOf(read),
  };
}

function findCode({ clock, config }: RecogniseContext, read: Reader): { code: CallerCode; name: string } | null {
  const now = clock.now();
  for (const name of codeNames) {
    const text = read(name);
    const code = text && parseCallerCode(text, now, config.timeZone);
    if (code) return { code, name };
  }
  return null;
}

function cluesOf(read: Reader, codeName: string): CallClues {
  // On the headers endpoint `number` is the AI's own: there the channel names are `code` and `cl`.
  const isDialplan = codeName === 'code' || codeName === 'cl';
  const leadId = read('lead_id');
  return {
    leadId: /^[1-9]\d{0,9}$/.test(leadId) ? leadId : '',
    uniqueid: read('uid') || read('uniqueid'),
    number: read('phone') || read('phone_number') || (isDialplan ? '' : read('number')),
  };
}

type Reader = (name: string) => string;

/** Null when a header of ours names another of several VICIdials. */
function readerFor({ id }: RecogniseContext, variables: Variables): Reader | null {
  const read = readerOf(variables);
  const dialer = read('dialer');
  return dialer && dialer !== id ? null : read;
}

/** Names come as they are, or as SIP headers in any spelling: `X-caller_code`, `x-lead-id`, `X-VICIdial-Lead-Id`. */
function readerOf(variables: Variables): Reader {
  const values = new Map<string, string>();
  for (const [name, raw] of Object.entries(variables)) {
    const value = raw.trim();
    // What VICIdial did not know stays literally `--A--name--B--`.
    if (!value || value.startsWith('--A--')) continue;
    const plain = name
      .toLowerCase()
      .replaceAll('-', '_')
      .replace(/^x_(vicidial_)?/, '');
    // A variable's own name goes before a header's.
    if (plain === name || !values.has(plain)) values.set(plain, value);
  }
  return (name) => values.get(name) ?? '';
}

/** `VDAD` is the dialer itself, not an agent. */
function agentOf(user: string): string {
  return user === 'VDAD' || user === 'VDCL' ? '' : user;
}

function fieldsOf(read: Reader): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const name of leadFieldNames) {
    const value = read(name);
    if (value) fields[name] = value;
  }
  return fields;
}
