import { outcomeCodes } from '../../src/domain/outcome-codes.ts';
import type { Desired, WriteBackTarget } from '../../src/domain/write-back.ts';
import { overtakenWhy } from '../../src/domain/write-back.ts';
import type { ScriptedCall } from './script.ts';

/** A write-back as Patchbay's own store holds it. */
export interface StoredRow {
  id: string;
  dialer: string;
  aspect: string;
  revision: number;
  state: string;
  why: string;
  target: string;
  desired: string;
}

/** A line of the shadow report. */
export interface ReportedRow {
  id: string;
  verdict: string;
}

export interface ShadowVerdict {
  /** Of the report. */
  rows: number;
  /** Of them: what the real run then wrote, or left to the same person. */
  agree: number;
  /** Of those that agree: a person had set the record, which the report showed and the real run saw. */
  leftToPeople: number;
  differ: number;
  /** Written in the real run, and not in the report. */
  missing: number;
  findings: string[];
  /** By dialer and aspect. */
  table: { dialer: string; aspect: string; rows: number; agree: number }[];
}

/**
 * Compares the report of a day in shadow with what the same day wrote for real: by scripted call, dialer, aspect and value.
 * Where a person was faster no disposition of ours is written: the report shows that somebody set the record, and the real run
 * ended the row for them. It learned their word by that, so in fields of such a call the outcome may be theirs, and nothing
 * else may differ.
 */
export function compareRuns(
  script: readonly ScriptedCall[],
  shown: { report: readonly ReportedRow[]; rows: readonly StoredRow[] },
  real: readonly StoredRow[],
): ShadowVerdict {
  const verdict: ShadowVerdict = { rows: 0, agree: 0, leftToPeople: 0, differ: 0, missing: 0, findings: [], table: [] };
  const calls = new Map(script.map(({ number, id }) => [number, id]));
  const stored = new Map(shown.rows.map((row) => [row.id, row]));
  const written = lastOf(real, calls);
  const overtaken = [...written.values()].filter(({ why }) => why === overtakenWhy);
  const people = new Set(overtaken.map(callOf));
  for (const { id, verdict: said } of shown.report) {
    const row = stored.get(id);
    if (!row) continue;
    const place = placeOf(row, calls);
    const then = written.get(place);
    written.delete(place);
    const isLeft = isLeftToPeople(row, said, then, people);
    const isSame = then?.state === 'confirmed' && valueText(then) === valueText(row);
    count(verdict, row, isLeft || isSame);
    if (isLeft) verdict.leftToPeople += 1;
    if (!isLeft && !isSame) {
      const wrote = then ? `${then.state} ${valueText(then)} (${then.why})` : 'nothing';
      verdict.findings.push(`${place}: shown ${valueText(row)} (${said}), the real run wrote ${wrote}`);
    }
  }
  for (const [place, row] of written) {
    if (row.state !== 'confirmed') continue;
    verdict.missing += 1;
    verdict.findings.push(`${place}: the real run wrote ${valueText(row)}, and nothing was shown`);
  }
  return verdict;
}

function isLeftToPeople(
  row: StoredRow,
  said: string,
  then: StoredRow | undefined,
  people: ReadonlySet<string>,
): boolean {
  if (said === 'set-since') return then?.why === overtakenWhy;
  if (row.aspect !== 'fields' || then?.state !== 'confirmed' || valueText(then) === valueText(row)) return false;
  return people.has(callOf(row)) && withoutOutcome(then) === withoutOutcome(row);
}

function withoutOutcome({ desired }: StoredRow): string {
  const { fields = {} } = JSON.parse(desired) as { fields?: Record<string, string> };
  const codes: readonly string[] = outcomeCodes;
  return JSON.stringify(
    Object.entries(fields)
      .map(([name, value]) => [name, codes.includes(value) ? '' : value])
      .sort(),
  );
}

/** The call, as its dialer's own. */
function callOf({ dialer, target }: StoredRow): string {
  return `${dialer} ${(JSON.parse(target) as WriteBackTarget).phone}`;
}

function count(verdict: ShadowVerdict, { dialer, aspect }: StoredRow, agrees: boolean): void {
  let line = verdict.table.find((each) => each.dialer === dialer && each.aspect === aspect);
  if (!line) {
    line = { dialer, aspect, rows: 0, agree: 0 };
    verdict.table.push(line);
  }
  verdict.rows += 1;
  line.rows += 1;
  if (agrees) {
    verdict.agree += 1;
    line.agree += 1;
  } else verdict.differ += 1;
}

/** The last wish of each place: what an earlier revision wrote is corrected by then. */
function lastOf(rows: readonly StoredRow[], calls: ReadonlyMap<string, number>): Map<string, StoredRow> {
  const last = new Map<string, StoredRow>();
  for (const row of rows) {
    if (row.state === 'superseded' || (row.state === 'cancelled' && row.why !== overtakenWhy)) continue;
    const place = placeOf(row, calls);
    if ((last.get(place)?.revision ?? 0) < row.revision) last.set(place, row);
  }
  return last;
}

/** The customer's number tells the call of the script; each is called once. */
function placeOf({ dialer, aspect, target }: StoredRow, calls: ReadonlyMap<string, number>): string {
  const { phone, number } = JSON.parse(target) as WriteBackTarget;
  const digits = (phone || number).replace(/\D/g, '').slice(-10);
  return `call ${calls.get(digits) ?? `of nobody (${digits})`}, ${dialer} ${aspect}`;
}

/** A callback is so many hours after the call: the two days do not run to the same second. */
function valueText({ desired: text, target }: StoredRow): string {
  const desired = JSON.parse(text) as Desired;
  switch (desired.aspect) {
    case 'disposition':
      return desired.disposition;
    case 'callback': {
      const { calledAt } = JSON.parse(target) as WriteBackTarget;
      return desired.at ? `${Math.floor((Date.parse(desired.at) - Date.parse(calledAt)) / 3_600_000)} h later` : 'none';
    }
    case 'dnc':
      return JSON.stringify([desired.listed, [...desired.phones].sort(), [...(desired.leads ?? [])].sort()]);
    case 'fields':
      return JSON.stringify(Object.entries(desired.fields).sort());
  }
}
