import { setTimeout as wait } from 'node:timers/promises';
import type { Instant } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { type AgedKind, agedKinds, type WhyKept } from '../domain/purged.ts';
import type { OldRow } from '../store/reads/old-rows.ts';
import { type ArchiveFolder, openArchive } from './archive/archive-folder.ts';
import type { Deps } from './deps.ts';

export interface RetentionSettings {
  callsDays: number;
  transcriptsDays: number;
  attentionDays: number;
  auditDays: number;
  leadsDays?: number | undefined;
  namesDays: number;
  archiveFolder?: string | undefined;
}

export interface PurgeOptions {
  retention: RetentionSettings;
  signal?: AbortSignal;
  /** Nothing goes; it is only counted. */
  isPreview?: boolean;
  /** Nothing younger than this goes, whatever the settings say. (Default: what they say) */
  before?: Instant;
}

export interface PurgeReport {
  /** By table. In a preview calls stand for all that belongs to them. */
  rows: Record<string, number>;
  kept: Partial<Record<WhyKept, number>>;
  /** False when it was cut off; the next run goes on. */
  isWhole: boolean;
}

type PurgeDeps = Pick<Deps, 'store' | 'clock' | 'log' | 'count'> & {
  settings: Pick<Deps['settings'], 'evidenceYears'>;
};

/** So many go in one transaction: live calls wait for it, and on SQLite it stays within a few milliseconds. */
const callsAtOnce = 20;
const rowsAtOnce = 50;
const pageSize = 200;
/** It rests as long as it worked, and at least so long. */
const leastRestMs = 20;
const isEvidence: readonly AgedKind[] = ['audit_log'];
const archived: readonly AgedKind[] = ['attention', 'audit_log', 'transcripts'];

/**
 * Purges what is older than it is kept, in small pieces with a rest between them. Needs no mark of how far it came: what is
 * left is found again. With an archive, nothing goes that is not on its disk.
 */
export async function purge(deps: PurgeDeps, options: PurgeOptions): Promise<PurgeReport> {
  const { retention, signal, isPreview = false } = options;
  const now = instantOf(deps.clock);
  const day = now.slice(0, 10);
  const archive =
    retention.archiveFolder && !isPreview ? await openArchive(`${retention.archiveFolder}/${day}`, day) : null;
  const run: Run = { deps, options, now, archive, report: { rows: {}, kept: {}, isWhole: true } };
  for (const kind of agedKinds) await purgeAged(run, kind);
  for (const dialer of ['', ...(await deps.store.dialersOfCalls())]) await purgeCalls(run, dialer);
  if (archive && Object.keys(run.report.rows).length > 0) await archive.finish();
  const { report } = run;
  report.isWhole = signal?.aborted !== true;
  if (!isPreview) {
    for (const [what, count] of Object.entries(report.rows)) deps.count.purged(what, count);
    deps.log.info({ ...report }, 'what was kept long enough was purged');
  }
  return report;
}

interface Run {
  deps: PurgeDeps;
  options: PurgeOptions;
  now: Instant;
  archive: ArchiveFolder | null;
  report: PurgeReport;
}

async function purgeCalls(run: Run, dialer: string): Promise<void> {
  const { deps, options, now, report, archive } = run;
  const keepYears = deps.settings.evidenceYears;
  const before = limitOf(run, options.retention.callsDays, true);
  let after = { registeredAt: '', correlationId: '' };
  while (!options.signal?.aborted) {
    const page = await deps.store.oldCalls({ dialer, before, after, limit: pageSize });
    for (let start = 0; start < page.length && !options.signal?.aborted; start += callsAtOnce) {
      const startedAt = performance.now();
      const correlationIds = page.slice(start, start + callsAtOnce).map(({ correlationId }) => correlationId);
      const terms = { before, keepYears, now };
      const { purgeable, kept } = await deps.store.judgePurge({ ...terms, correlationIds });
      for (const why of kept) report.kept[why] = (report.kept[why] ?? 0) + 1;
      if (options.isPreview) {
        add(report, 'calls', purgeable.length);
        continue;
      }
      if (purgeable.length === 0) continue;
      if (archive) {
        for (const { table, rows } of await deps.store.rowsOfCalls(purgeable)) await archive.add(table, rows);
        await archive.note({});
      }
      const { rows } = await deps.store.purgeCalls({ ...terms, correlationIds: purgeable });
      for (const [table, count] of Object.entries(rows)) add(report, table, count);
      await rest(startedAt, options.signal);
    }
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last;
  }
}

async function purgeAged(run: Run, kind: AgedKind): Promise<void> {
  const { deps, options, report, archive } = run;
  const days = daysOf(kind, options.retention);
  if (days === undefined) return;
  const before = limitOf(run, days, isEvidence.includes(kind));
  let after: OldRow | undefined;
  while (!options.signal?.aborted) {
    const startedAt = performance.now();
    const { rows, next } = await deps.store.oldRows({ kind, before, limit: rowsAtOnce, ...(after && { after }) });
    if (archive && rows.length > 0 && archived.includes(kind)) {
      await archive.add(kind, rows);
      await archive.note({});
    }
    if (rows.length > 0) {
      add(report, kind, options.isPreview ? rows.length : await deps.store.dropOldRows({ kind, before, rows }));
    }
    if (!next) return;
    after = next;
    await rest(startedAt, options.signal);
  }
}

function daysOf(kind: AgedKind, retention: RetentionSettings): number | undefined {
  switch (kind) {
    case 'transcripts':
      return retention.transcriptsDays;
    case 'attention':
      return retention.attentionDays;
    case 'audit_log':
      return retention.auditDays;
    case 'leads':
      return retention.leadsDays;
    case 'call_refs':
      return retention.namesDays;
  }
}

/** Evidence is kept for its years, whatever the settings say. */
function limitOf({ deps, options, now }: Run, days: number, isOfEvidence: boolean): Instant {
  const limits = [new Date(Date.parse(now) - days * 86_400_000).toISOString()];
  if (options.before) limits.push(options.before);
  if (isOfEvidence) {
    const lawful = new Date(now);
    lawful.setUTCFullYear(lawful.getUTCFullYear() - deps.settings.evidenceYears);
    limits.push(lawful.toISOString());
  }
  return limits.sort()[0] ?? '';
}

function add(report: PurgeReport, what: string, count: number): void {
  if (count > 0) report.rows[what] = (report.rows[what] ?? 0) + count;
}

async function rest(startedAt: number, signal: AbortSignal | undefined): Promise<void> {
  const ms = Math.max(leastRestMs, performance.now() - startedAt);
  await wait(ms, undefined, { ...(signal && { signal }), ref: true }).catch(() => undefined);
}
