import type { HeldState } from '../../../src/domain/dialer.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { customListOf } from '../tables/lead-rows.ts';
import type { Vicidial } from '../vicidial.ts';
import { callbackText } from './callback-time.ts';
import { type DncWish, sortLists } from './deliver-dnc.ts';
import { type FieldsWish, heldValues } from './deliver-fields.ts';
import { formsHeld, formsOf } from './dnc-forms.ts';
import { type Disposition, holdsStatus, leadStatusOf } from './lead-status.ts';
import { dialerStatuses, readLead, readSituation, type TargetLead } from './situation.ts';
import { splitFields } from './split-fields.ts';
import { findTargetLead } from './target-lead.ts';

/** Leads that are looked at together: beside live calls there is no hurry. */
const parallel = 2;
/** Clocks and cut seconds. */
const toleranceMs = 2000;

/**
 * What VICIdial holds of what these rows want. `lost` only where nobody but the dialer can have changed it; a disposition
 * that wants nothing asks what people said of the call. Rejects when the dialer is away.
 */
export async function look(
  vicidial: Vicidial,
  rows: readonly WriteBack[],
  signal?: AbortSignal,
): Promise<Map<string, HeldState>> {
  const held = new Map<string, HeldState>();
  const open = [...rows];
  async function lane(): Promise<void> {
    for (let row = open.shift(); row && !signal?.aborted; row = open.shift()) {
      held.set(row.id, await lookAt(vicidial, row));
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, rows.length) }, lane));
  return held;
}

async function lookAt(vicidial: Vicidial, row: WriteBack): Promise<HeldState> {
  const { desired } = row;
  try {
    if (desired.aspect === 'dnc') return await lookAtDnc(vicidial, row, desired);
    const found = await findTargetLead(vicidial, row.target);
    if ('kind' in found) return unknown(found.why);
    switch (desired.aspect) {
      case 'disposition':
        return await lookAtDisposition(vicidial, row, found.leadId, desired);
      case 'callback':
        return await lookAtCallback(vicidial, row, found.leadId, desired.at);
      case 'fields':
        return await lookAtFields(vicidial, row, found.leadId, desired);
    }
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.retryable) throw error;
    return unknown(error.message);
  }
}

async function lookAtDisposition(
  vicidial: Vicidial,
  { target }: WriteBack,
  leadId: string,
  desired: Disposition,
): Promise<HeldState> {
  const wanted = desired.disposition && leadStatusOf(desired);
  const situation = await readSituation(vicidial, target, leadId, wanted, desired.overrules);
  switch (situation.kind) {
    case 'missing':
      return unknown('the lead is gone');
    case 'live':
      return unknown(situation.why);
    case 'redialled':
      return unknown('the lead was dialled again');
    case 'human': {
      const { disposition, by, at, isOverwritten } = situation;
      const isOurs = wanted !== '' && !isOverwritten && holdsStatus(disposition, wanted);
      return isOurs ? { kind: 'as-wanted', held: disposition } : { kind: 'moved-on', held: disposition, by, at };
    }
    case 'ready': {
      const { status } = situation.lead;
      if (wanted === '') return unknown(`the lead says ${status}, and no person said so`);
      if (holdsStatus(status, wanted)) return { kind: 'as-wanted', held: status };
      if (isNobodys(situation.lead, target)) return { kind: 'lost', held: status };
      return { ...unknown(`the lead says ${status}, and nobody's name is on it`), held: status };
    }
  }
}

/** The dialer's own status over ours, or a lead as it was before the call: nobody meant that. */
function isNobodys({ status, modified }: TargetLead, { calledAt }: WriteBack['target']): boolean {
  return dialerStatuses.includes(status) || modified * 1000 + toleranceMs < Date.parse(calledAt);
}

async function lookAtCallback(
  vicidial: Vicidial,
  { target }: WriteBack,
  leadId: string,
  at: string | null,
): Promise<HeldState> {
  const { reads, config, deps } = vicidial;
  const callbacks = await reads.callbacks(leadId);
  if (callbacks === null) return unknown("this release can't show a lead's callbacks");
  const waiting = callbacks.filter(({ status }) => status === 'ACTIVE' || status === 'LIVE');
  if (at === null) {
    return waiting.length === 0 ? { kind: 'as-wanted', held: 'none' } : unknown('a callback is there');
  }
  if (Date.parse(at) <= deps.clock.now()) return unknown('the time of the callback has come');
  const time = callbackText(at, config.timeZone);
  if (waiting.some((each) => each.callback_time === time)) return { kind: 'as-wanted', held: time };
  const [other] = waiting;
  const situation = await readSituation(vicidial, target, leadId);
  if (other && situation.kind === 'human') {
    return { kind: 'moved-on', held: other.callback_time, by: situation.by, at: situation.at };
  }
  // A callback leaves a row behind, whoever ends it: where there is none at all, it was lost.
  if (callbacks.length > 0) return unknown('another callback is, or was, there');
  if (situation.kind !== 'ready') return unknown('the lead is not as the call left it');
  // Whoever takes a callback away for good gives the lead another status.
  const isAwaited = holdsStatus(situation.lead.status, 'CBHOLD') || isNobodys(situation.lead, target);
  return isAwaited
    ? { kind: 'lost', held: 'none' }
    : unknown(`the lead waits for none: it says ${situation.lead.status}`);
}

async function lookAtDnc(
  vicidial: Vicidial,
  { target }: WriteBack,
  { phones, leads = [], listed }: DncWish,
): Promise<HeldState> {
  if (!listed) return unknown('a number may be listed for a reason of its own');
  const { known } = await sortLists(vicidial);
  const held = await formsHeld(vicidial, target, leads);
  let missing = 0;
  for (const phone of phones) {
    for (const number of await formsOf(vicidial, phone, held.get(phone))) {
      for (const list of known) {
        const isThere = await vicidial.reads.isOnDncList(list, number);
        if (isThere === null) return unknown("this release can't show its DNC lists");
        if (!isThere) missing += 1;
      }
    }
  }
  // Whoever took it off: only an operator of ours can undo an opt-out.
  return missing > 0 ? { kind: 'lost', held: `${missing} entries missing` } : { kind: 'as-wanted', held: 'listed' };
}

async function lookAtFields(
  vicidial: Vicidial,
  row: WriteBack,
  leadId: string,
  { fields }: FieldsWish,
): Promise<HeldState> {
  const lead = await readLead(vicidial, leadId);
  if (!lead) return unknown('the lead is gone');
  const definitions = await vicidial.reads.fieldDefinitions(customListOf(lead));
  const { columns, custom } = splitFields(fields, definitions, vicidial.config);
  const values = await heldValues(vicidial, lead, Object.keys(custom));
  const wanted = Object.entries({ ...columns, ...custom }).filter(([, value]) => value !== '');
  const differing = wanted.filter(([name, value]) => values[name] !== value).map(([name]) => name);
  if (differing.length === 0) return { kind: 'as-wanted', held: 'all fields' };
  const isUntouched = lead.modified * 1000 <= Date.parse(row.settledAt ?? row.createdAt) + toleranceMs;
  const areEmpty = differing.every((name) => !values[name]);
  if (areEmpty && isUntouched) return { kind: 'lost', held: `without ${differing.join(', ')}` };
  return unknown(`${differing.join(', ')} holds something else`);
}

function unknown(why: string): HeldState {
  return { kind: 'unknown', why };
}
