import type { Instant } from '../../domain/call.ts';
import type { AgedKind } from '../../domain/purged.ts';
import type { OldRow } from '../../store/reads/old-rows.ts';
import type { Deps } from '../deps.ts';
import { type ArchivePlace, type Manifest, openArchive } from './archive-folder.ts';

const callsAtOnce = 200;
const rowsAtOnce = 1000;
/** What has an age of its own; what was spoken goes with its call, and leads are the dialer's. */
const kinds: readonly AgedKind[] = ['attention', 'audit_log'];

/**
 * Writes every call that was registered before an instant, with all that belongs to it, settled things and the audit log into
 * a folder. Only reads the store, page by page; an archive that was cut off goes on where it was.
 */
export async function writeArchive(
  { store }: Pick<Deps, 'store'>,
  { folder, before, signal }: { folder: string; before: Instant; signal?: AbortSignal },
): Promise<Manifest> {
  const archive = await openArchive(folder, before);
  if (archive.isWhole) return archive.finish();
  let place: ArchivePlace = archive.place;
  for (const dialer of ['', ...(await store.dialersOfCalls())]) {
    const part = `calls:${dialer}`;
    if (isPast(place, part)) continue;
    let after = { registeredAt: place.registeredAt ?? '', correlationId: place.correlationId ?? '' };
    if (place.part !== part) after = { registeredAt: '', correlationId: '' };
    for (;;) {
      signal?.throwIfAborted();
      const calls = await store.oldCalls({ dialer, before, after, limit: callsAtOnce });
      const ids = calls.map(({ correlationId }) => correlationId);
      for (const { table, rows } of await store.rowsOfCalls(ids)) await archive.add(table, rows);
      after = calls.at(-1) ?? after;
      place = { part, ...after };
      if (ids.length > 0) await archive.note(place);
      if (calls.length < callsAtOnce) break;
    }
  }
  for (const kind of kinds) {
    const part = `~${kind}`;
    if (isPast(place, part)) continue;
    let after = place.part === part ? (JSON.parse(place.after ?? '{}') as OldRow) : undefined;
    for (;;) {
      signal?.throwIfAborted();
      const { rows: found, next } = await store.oldRows({ kind, before, limit: rowsAtOnce, ...(after && { after }) });
      // What belongs to a call is with it already.
      await archive.add(kind, kind === 'attention' ? found.filter((row) => row.correlation_id === '') : found);
      after = found.at(-1) ?? after;
      place = { part, after: JSON.stringify(after ?? {}) };
      if (found.length > 0) await archive.note(place);
      if (!next) break;
    }
  }
  return archive.finish();
}

/** Parts come in the order of their names. */
function isPast(place: ArchivePlace, part: string): boolean {
  return (place.part ?? '') > part;
}
