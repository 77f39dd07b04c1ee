import type { AlertKind, AlertSign } from '../../domain/alert.ts';
import { type AttentionKind, attentionKinds } from '../../domain/attention.ts';
import { autopilotName, scopeText } from '../../domain/controls.ts';
import { goneAfterSec } from '../../domain/link-report.ts';
import type { OpenWriteBacks } from '../../store/reads/open-write-backs.ts';
import type { Deps } from '../deps.ts';
import { isMissing } from '../judge-site.ts';
import { needWords } from '../need-words.ts';
import { lastReconciledAt } from '../reconcile.ts';
import type { SiteState } from '../site-state.ts';
import { hideNumbers } from '../support-bundle/hide-numbers.ts';
import { readDoctorSigns } from './watch-doctor.ts';

const reconciledWithinMs = 2 * 86_400_000;
const failedWithinMs = 86_400_000;
/** A letter that failed so often is no passing trouble of its channel. */
const manyAttempts = 3;
const longestKey = 180;

/** Everything that is an alert now, in words that hold nothing of a person. */
export async function gatherSigns(deps: Deps, state: SiteState): Promise<AlertSign[]> {
  const [own, reconciled, doctor] = await Promise.all([
    channelSigns(deps),
    reconcileSigns(deps),
    readDoctorSigns(deps),
  ]);
  const signs = [
    ...needSigns(state),
    ...optOutSigns(state),
    ...writeBackSigns(deps, state),
    ...linkSigns(deps, state),
    ...syncSigns(deps, state),
    ...reconciled,
    ...processSigns(state),
    ...controlSigns(deps),
    ...doctor,
    ...own,
  ];
  // Names are of the configuration and of machines. If one of them looks like a number, it is hidden all the same.
  return signs.map((each) => ({ ...each, key: each.key.slice(0, longestKey).trim(), words: hideNumbers(each.words) }));
}

function needSigns({ needs }: SiteState): AlertSign[] {
  const kinds: readonly string[] = attentionKinds;
  return needs.flatMap(({ kind, count }) =>
    kinds.includes(kind) ? sign(kind as AttentionKind, '', count, counted(count, needWords[kind])) : [],
  );
}

function optOutSigns({ optOuts }: SiteState): AlertSign[] {
  const dialers = optOuts.flatMap((clock) => clock.dialers.filter(({ state }) => state === 'failed'));
  return [...Map.groupBy(dialers, ({ dialer }) => dialer)].map(([dialer, failed]) => {
    const words = `${counted(failed.length, ['opt-out', 'opt-outs'])} failed at ${dialer}`;
    return sign('failed-opt-out', dialer, failed.length, words);
  });
}

function writeBackSigns(deps: Deps, { open, at, links }: SiteState): AlertSign[] {
  const signs: AlertSign[] = [];
  const failed = open.filter(({ state }) => state === 'dead' || state === 'refused');
  for (const [name, rows] of Map.groupBy(failed, ({ dialer, aspect }) => `${dialer}, ${aspect}`)) {
    const count = sizeOf(rows);
    signs.push(sign('failed-write-back', name, count, `${counted(count, needWords['failed-write-back'])}: ${name}`));
  }
  const held = open.filter(({ state }) => state === 'held');
  for (const [dialer, rows] of Map.groupBy(held, (row) => row.dialer)) {
    const count = sizeOf(rows);
    signs.push(sign('held-write-back', dialer, count, `${counted(count, needWords['held-write-back'])}: ${dialer}`));
  }
  const dueBefore = Date.parse(at) - deps.settings.alerts.limits.lateMin * 60_000;
  for (const { dialer, aspect, state, due, oldestDueAt } of open) {
    if (state !== 'pending' || due === 0 || Date.parse(oldestDueAt) > dueBefore) continue;
    // What is kept back on purpose is not late; what a dialer that is away keeps back is told of as that.
    if (links.some(({ id, breaker }) => id === dialer && breaker !== 'closed')) continue;
    if (
      deps.controls
        .now()
        .all.some(({ kind, scope }) => kind === 'pause' && isOf(scope.dialer, dialer) && isOf(scope.aspect, aspect))
    )
      continue;
    if ((deps.dialers.get(dialer)?.pausedUntil?.(aspect) ?? 0) > Date.parse(at)) continue;
    signs.push(
      sign('late-write-backs', `${dialer}, ${aspect}`, due, `${counted(due, lateWords)}: ${dialer}, ${aspect}`),
    );
  }
  return signs;
}

const lateWords = ['write-back is late', 'write-backs are late'] as const;

function linkSigns(deps: Deps, { links }: SiteState): AlertSign[] {
  return links.flatMap(({ id, state, quotas }) => [
    ...(state === 'broken' ? [sign('breaker-open', id, 1, `${id} does not answer: nothing is written to it`)] : []),
    ...(state === 'errors' ? [sign('link-errors', id, 1, `Many requests between us and ${id} fail`)] : []),
    ...quotas.flatMap(({ name, per, used, limit }) => {
      const percent = limit > 0 ? Math.floor((100 * used) / limit) : 0;
      // What comes back within a minute needs nobody.
      if (per === 'minute' || percent < deps.settings.alerts.limits.quotaPercent) return [];
      return sign('quota-low', `${id} ${name}/${per}`, 1, `${id}: ${percent} % of ${name} per ${per} are used`);
    }),
  ]);
}

function syncSigns(deps: Deps, { syncs, at }: SiteState): AlertSign[] {
  const { syncHours } = deps.settings.alerts.limits;
  return syncs.flatMap(({ dialer, succeededAt, startedAt }) => {
    const hours = (Date.parse(at) - Date.parse(succeededAt ?? startedAt)) / 3_600_000;
    if (hours < syncHours) return [];
    return sign('sync-stalled', dialer, 1, `The leads of ${dialer} were not read for ${Math.floor(hours)} hours`);
  });
}

async function reconcileSigns(deps: Deps): Promise<AlertSign[]> {
  const last = await lastReconciledAt(deps);
  if (last === null || deps.clock.now() - last < reconciledWithinMs) return [];
  return [sign('reconciliation-stalled', '', 1, 'The reconciliation did not get to its end for two days')];
}

function processSigns({ processes, spooled }: SiteState): AlertSign[] {
  const missing = processes.filter((each) => each.silentSec >= goneAfterSec && isMissing(each, processes));
  return [
    ...missing.map(({ name }) => sign('process-missing', name, 1, `The process ${name} tells nothing any more`)),
    ...(spooled > 0
      ? [sign('spool-waiting', '', spooled, `${counted(spooled, ['fact waits', 'facts wait'])} on disk for the store`)]
      : []),
  ];
}

function controlSigns({ controls, clock, settings }: Deps): AlertSign[] {
  const since = clock.now() - settings.alerts.limits.controlHours * 3_600_000;
  return controls.now().all.flatMap(({ kind, scope, percent, at, by }) => {
    // What the autopilot holds back, it tells of by itself; a stage is meant to stand.
    if (Date.parse(at) > since || kind === 'stage' || by === autopilotName) return [];
    const where = scopeText(scope);
    const what = kind === 'pause' ? 'A pause' : `A share of ${percent} %`;
    return sign('control-stands', `${kind} ${where}`, 1, `${what} stands for hours: ${where}`);
  });
}

async function channelSigns({ store, clock, alertChannels }: Deps): Promise<AlertSign[]> {
  const states = await store.letterStates(new Date(clock.now() - failedWithinMs).toISOString());
  return states.flatMap(({ channel, waiting, dead, mostAttempts }) => {
    // What was taken out of the configuration can't be mended there.
    if (!alertChannels.has(channel)) return [];
    const stuck = dead + (mostAttempts >= manyAttempts ? waiting : 0);
    return stuck > 0 ? sign('channel-failed', channel, stuck, `Alerts do not get through by ${channel}`) : [];
  });
}

function sign(kind: AlertKind, key: string, size: number, words: string): AlertSign {
  return { kind, key, size, words };
}

function isOf(scope: string, id: string): boolean {
  return scope === '' || scope === id;
}

function sizeOf(rows: readonly OpenWriteBacks[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}

function counted(count: number, [one, several]: readonly [string, string]): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : several}`;
}
