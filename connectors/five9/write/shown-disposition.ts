import { correlationRef } from '../../../src/domain/connector.ts';
import type { WriteBack, WriteBackState } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import type { Contact } from '../soap/schema.ts';
import type { RowOf } from './deliver.ts';
import { shownSince } from './judge-contact.ts';

type Row = RowOf<'disposition'>;

/** The script hangs up within this time of the outcome, or of the end of a call that goes on after it. */
const hangUpMs = 900_000;
/** A row that ended so was never sent, unless it is in doubt. */
const unsent: readonly WriteBackState[] = ['superseded', 'cancelled', 'held', 'shadow'];

/** What the contact shows of the disposition that a row wants. */
export interface ShownDisposition {
  /** When it was set (epoch ms). */
  at: number;
  /** The word of the call itself: the script hung up with it. Later it may be that of another call, in another campaign. */
  isOfCall: boolean;
}

/**
 * What the contact shows of the disposition that the row wants. The first row that is sent counts what was set since the call
 * began, whatever was planned before it: planning may come long after the script's own word, while the store is away.
 */
export async function shownDisposition(
  five9: Five9,
  row: Row,
  contact: Contact | null,
): Promise<ShownDisposition | null> {
  const { disposition } = row.desired;
  // Most contacts show another one: then nobody need be asked.
  if (contact?.[five9.config.fields.lastDisposition ?? ''] !== disposition) return null;
  const since = Date.parse(row.createdAt);
  const usual = shownSince(five9, row, disposition, contact);
  if (usual !== null && (row.inDoubt || usual <= since + hangUpMs)) return { at: usual, isOfCall: true };

  const [call] = await five9.deps.describeCalls({ refs: [correlationRef(row.correlationId)] });
  const earlier = (call?.writeBacks ?? []).filter(
    ({ dialer, aspect, revision }) => dialer === five9.id && aspect === 'disposition' && revision < row.revision,
  );
  const at = shownSince(
    five9,
    row,
    disposition,
    contact,
    row.revision === 1 || (call !== undefined && earlier.every(isUnsent)),
  );
  const ends = (call?.facts ?? []).filter(({ body }) => body.kind === 'ended' || isAsked(body));
  const latest = Math.max(since, ...ends.map((fact) => Date.parse(fact.at)));
  return at === null ? null : { at, isOfCall: at <= latest + hangUpMs };
}

function isUnsent({ state, inDoubt }: WriteBack): boolean {
  return unsent.includes(state) && !inDoubt;
}

function isAsked(body: { kind: string; event?: string }): boolean {
  return body.kind === 'noted' && body.event === 'outcome-read';
}
