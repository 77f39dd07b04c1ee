import type { HeldState } from '../../../src/domain/dialer.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { numberOf, toFive9Number } from '../numbers.ts';
import { contactsByNumber } from '../read/find-contact.ts';
import { timesInContact } from '../read/times-in-contact.ts';
import type { Contact } from '../soap/schema.ts';
import type { RowOf } from './deliver.ts';
import { agentWasFaster, markedAfter, shownSince } from './judge-contact.ts';

/** Never the share of limits that write-backs and live calls need. */
const purpose = 'background' as const;

/**
 * What Five9 holds of what these rows want: one question about the DNC list for all, one per contact for the rest, within
 * the share of the limits that background work has. Rejects when Five9 is away.
 */
export async function look(
  five9: Five9,
  rows: readonly WriteBack[],
  signal?: AbortSignal,
): Promise<Map<string, HeldState>> {
  const held = new Map<string, HeldState>();
  await lookAtDnc(five9, rows.filter(isDnc), held);
  const others = rows.filter((row) => !isDnc(row));
  const keyOf = ({ target }: WriteBack) => target.leadKey || numberOf(target, five9.config.numberFormat);
  for (const group of Map.groupBy(others, keyOf).values()) {
    if (signal?.aborted) break;
    const found = await readContact(five9, group, signal);
    for (const row of group) held.set(row.id, 'kind' in found ? found : judge(five9, row, found.contact));
  }
  // That a contact shows what was imported is not documented: it counts once one was seen to.
  if (five9.memory.showsDispositions) return held;
  for (const { id, aspect } of rows) {
    if (aspect === 'disposition' && held.get(id)?.kind === 'lost') held.set(id, unknown('no contact shows an import'));
  }
  return held;
}

async function lookAtDnc(five9: Five9, rows: readonly RowOf<'dnc'>[], held: Map<string, HeldState>): Promise<void> {
  const numbersOf = (row: RowOf<'dnc'>) =>
    row.desired.phones.map((phone) => toFive9Number(phone, five9.config.numberFormat)).filter(Boolean);
  const numbers = [...new Set(rows.filter(({ desired }) => desired.listed).flatMap(numbersOf))];
  const opensAt = five9.api.openAt('checkDncForNumbers', purpose);
  if (numbers.length === 0 || opensAt > 0) {
    for (const row of rows) held.set(row.id, unknown('the DNC list was not asked', opensAt));
    return;
  }
  const listed = new Set(await five9.api.checkDnc(numbers));
  for (const row of rows) {
    const missing = numbersOf(row).filter((number) => !listed.has(number)).length;
    held.set(row.id, dncState(row, missing));
  }
}

function dncState({ desired }: RowOf<'dnc'>, missing: number): HeldState {
  if (!desired.listed) return unknown('a number may be listed for a reason of its own');
  // Whoever took it off: only an operator of ours can undo an opt-out.
  return missing > 0 ? { kind: 'lost', held: `${missing} numbers missing` } : { kind: 'as-wanted', held: 'listed' };
}

async function readContact(
  five9: Five9,
  [row]: readonly WriteBack[],
  signal?: AbortSignal,
): Promise<{ contact: Contact } | HeldState> {
  const { api, config } = five9;
  if (!row) return unknown('there is no row');
  const opensAt = api.openAt('getContactRecords', purpose);
  if (opensAt > 0) return unknown('the limit for reading contacts is used up', opensAt);
  const options = { purpose, ...(signal && { signal }) };
  const { leadKey } = row.target;
  try {
    const [contact, ...others] = leadKey
      ? await api.contacts({ [config.keyField]: leadKey }, options)
      : await contactsByNumber(five9, numberOf(row.target, config.numberFormat), options);
    if (!contact) return unknown('there is no such contact');
    return others.length > 0 ? unknown('several contacts have this key or number') : { contact };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error.code === 'dialer_limit') return unknown(error.message, five9.deps.clock.now() + (error.afterMs ?? 0));
    if (!error.retryable) return unknown(error.message);
    throw error;
  }
}

function judge(five9: Five9, row: WriteBack, contact: Contact): HeldState {
  const { desired } = row;
  if (desired.aspect === 'fields') return judgeFields(five9, row, desired.fields, contact);
  const agent = agentWasFaster(five9, row, contact);
  if (agent?.kind === 'overtaken') return { kind: 'moved-on', held: agent.disposition, by: agent.by, at: agent.at };
  if (desired.aspect === 'disposition') return judgeDisposition(five9, row, desired.disposition, contact);
  return desired.aspect === 'callback' ? judgeCallback(five9, row, desired.at, contact) : unknown('not looked at');
}

/** Five9 shows one disposition per contact, whatever its campaigns: another than ours, from after the call, tells nothing. */
function judgeDisposition(five9: Five9, row: WriteBack, disposition: string, contact: Contact): HeldState {
  const { lastDisposition, lastDispositionAt } = five9.config.fields;
  if (disposition === '') return unknown('no agent said anything');
  if (!lastDisposition || !lastDispositionAt) return unknown('no field of the contact shows its last disposition');
  if (shownSince(five9, row, disposition, contact) !== null) {
    five9.memory.showsDispositions = true;
    return { kind: 'as-wanted', held: disposition };
  }
  const shown = contact[lastDisposition] ?? '';
  const at = timesInContact(five9, contact, lastDispositionAt).at(-1);
  const isOld = shown === '' || (at !== undefined && Date.parse(at) + 1000 < Date.parse(row.target.calledAt));
  if (isOld) return { kind: 'lost', held: shown };
  return { ...unknown(`the contact shows "${shown}" since the call`), held: shown };
}

function judgeCallback(five9: Five9, row: WriteBack, at: string | null, contact: Contact): HeldState {
  const mark = five9.config.fields.callbackMark;
  if (!mark) return unknown('no field of the contact marks its callback');
  if (at === null) return unknown('Five9 does not show who is in a list');
  if (Date.parse(at) <= five9.deps.clock.now()) return unknown('the time of the callback has come');
  if (markedAfter(five9, row, contact) !== null) return { kind: 'as-wanted', held: 'marked' };
  return contact[mark] ? unknown('the contact bears the mark of another callback') : { kind: 'lost', held: 'no mark' };
}

function judgeFields(
  five9: Five9,
  row: WriteBack,
  fields: Readonly<Record<string, string>>,
  contact: Contact,
): HeldState {
  const differing = Object.entries(fields).filter(([name, value]) => value !== '' && contact[name] !== value);
  if (differing.length === 0) return { kind: 'as-wanted', held: 'all fields' };
  const names = differing.map(([name]) => name).join(', ');
  const changedAt = timesInContact(five9, contact, five9.config.fields.lastModifiedAt).at(-1);
  const isUntouched =
    changedAt !== undefined && Date.parse(changedAt) <= Date.parse(row.settledAt ?? row.createdAt) + 1000;
  const areEmpty = differing.every(([name]) => !contact[name]);
  return areEmpty && isUntouched ? { kind: 'lost', held: `without ${names}` } : unknown(`${names} differs`);
}

function isDnc(row: WriteBack): row is RowOf<'dnc'> {
  return row.desired.aspect === 'dnc';
}

/** @param opensAt epoch ms from when on Five9 may be asked again; 0: waiting would not help */
function unknown(why: string, opensAt = 0): HeldState {
  return { kind: 'unknown', why, ...(opensAt > 0 && { askAgainAt: new Date(opensAt).toISOString() }) };
}
