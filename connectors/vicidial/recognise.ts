import type { CallRef, CallSighting } from '../../src/domain/call.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Variables } from '../../src/domain/connector.ts';
import { toE164 } from '../shared/phone.ts';
import { parseCallerCode } from './caller-code.ts';
import type { VicidialConfig } from './config.ts';
import { leadFieldNames } from './tables/schema.ts';

/** Both caller id names of the channel, the header that came back, and a script's own call id, in this order. */
const codeNames = ['code', 'cl', 'caller_code', 'call_id', 'callid'];

export interface RecogniseContext {
  id: string;
  config: Pick<VicidialConfig, 'country' | 'timeZone'>;
  clock: Pick<Clock, 'now'>;
}

/**
 * Reads a call out of what the dialplan, a SIP header or the Start Call URL handed over. The caller code names call and
 * lead; nothing else does for certain, so without one there is no call.
 */
export function recogniseCall({ id, config, clock }: RecogniseContext, variables: Variables): CallSighting | null {
  const read = reader(variables);
  // With several VICIdials, a header of ours says which one it is.
  const dialer = read('dialer');
  if (dialer && dialer !== id) return null;
  const now = clock.now();
  for (const name of codeNames) {
    const text = read(name);
    const found = text && parseCallerCode(text, now, config.timeZone);
    if (!found) continue;

    const refs: CallRef[] = [{ instance: id, kind: 'caller-code', key: found.key }];
    const uniqueid = read('uid') || read('uniqueid');
    // Two servers of a cluster can mint the same uniqueid: the lead makes it one call's again.
    if (uniqueid) refs.push({ instance: id, kind: 'uniqueid', key: `${uniqueid}@${found.leadId}` });
    // On the headers endpoint `number` is the AI's own: there the channel names are `code` and `cl`.
    const isDialplan = name === 'code' || name === 'cl';
    const number = read('phone') || read('phone_number') || (isDialplan ? '' : read('number'));
    return {
      refs,
      leg: {
        dialer: id,
        callKey: found.code,
        campaign: read('campaign') || read('campaign_id'),
        list: read('list') || read('list_id'),
        leadKey: found.leadId,
        number,
        phone: number ? toE164(number, config.country) : '',
        agent: agentOf(read('agent') || read('user')),
        calledAt: new Date(found.calledAt).toISOString(),
      },
      fields: fieldsOf(read),
    };
  }
  return null;
}

/** Names come as they are, or as SIP headers: `caller_code`, `x-caller_code`, `X-caller_code`. */
function reader(variables: Variables): (name: string) => string {
  return (name) => {
    for (const key of [name, `x-${name}`, `X-${name}`]) {
      const value = Object.hasOwn(variables, key) ? variables[key]?.trim() : '';
      // What VICIdial did not know stays literally `--A--name--B--`.
      if (value && !value.startsWith('--A--')) return value;
    }
    return '';
  };
}

/** `VDAD` is the dialer itself, not an agent. */
function agentOf(user: string): string {
  return user === 'VDAD' || user === 'VDCL' ? '' : user;
}

function fieldsOf(read: (name: string) => string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const name of leadFieldNames) {
    const value = read(name);
    if (value) fields[name] = value;
  }
  return fields;
}
