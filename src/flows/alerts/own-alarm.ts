import type { Alert, AlertSign } from '../../domain/alert.ts';
import { decideAlerts } from '../../domain/decide-alerts.ts';
import type { Letter } from '../../domain/letter.ts';
import type { Deps } from '../deps.ts';
import { nextTry } from './send-letters.ts';

/** Tells that the store is away: the one thing that can't be kept in the store. */
export interface OwnAlarm {
  look(): Promise<void>;
}

type AlarmDeps = Pick<
  Deps,
  | 'gate'
  | 'spool'
  | 'registrations'
  | 'ownProcess'
  | 'clock'
  | 'newId'
  | 'random'
  | 'log'
  | 'settings'
  | 'alertChannels'
  | 'count'
  | 'ownAlarm'
>;

/** What the process remembers of it, whatever its configuration becomes: else a reload would tell everything again. */
export interface OwnAlarmMemory {
  alerts: Alert[];
  waiting: Waiting[];
}

interface Waiting {
  id: string;
  channel: string;
  letter: Letter;
  dueAt: number;
  attempts: number;
}

const mostWaiting = 50;

/**
 * Each process tells for itself, from memory: without the store none knows of the others. The same rules hold as for every
 * alert; what a process has not told when it ends is lost with it.
 */
export function createOwnAlarm(deps: AlarmDeps): OwnAlarm {
  const memory = deps.ownAlarm;

  function decide(now: number): void {
    const { rules } = deps.settings.alerts;
    const { changed, letters } = decideAlerts(memory.alerts, signsOf(deps), { rules, now, newId: deps.newId });
    const known = new Map([...memory.alerts, ...changed].map((alert) => [alert.id, alert]));
    memory.alerts = [...known.values()].filter(({ isClosed }) => !isClosed);
    const at = new Date(now).toISOString();
    const fresh = letters.map(({ channel, items }): Waiting => {
      const letter: Letter = { kind: 'alerts', at, items };
      return { id: deps.newId(), channel, letter, dueAt: now, attempts: 0 };
    });
    memory.waiting = [...memory.waiting, ...fresh].slice(-mostWaiting);
  }

  async function send(post: Waiting): Promise<Waiting | null> {
    const channel = deps.alertChannels.get(post.channel);
    if (!channel) return null;
    const sent = await channel.send(post);
    deps.count.alertSent(channel.kind, sent.kind);
    if (sent.kind === 'sent') return null;
    const attempts = post.attempts + 1;
    const fields = { channel: channel.id, attempts, reason: sent.why, hint: sent.hint };
    deps.log.warn(fields, 'that the store is away could not be told');
    const waitMs = sent.isFinal ? null : nextTry(attempts, sent, deps.random());
    return waitMs === null ? null : { ...post, attempts, dueAt: deps.clock.now() + waitMs };
  }

  return {
    async look() {
      const now = deps.clock.now();
      decide(now);
      const due = memory.waiting.filter(({ dueAt }) => dueAt <= now);
      if (due.length === 0) return;
      memory.waiting = memory.waiting.filter(({ dueAt }) => dueAt > now);
      const left = await Promise.all(due.map(send));
      memory.waiting = [...left.filter((each) => each !== null), ...memory.waiting];
    },
  };
}

function signsOf({ gate, spool, registrations, ownProcess }: AlarmDeps): AlertSign[] {
  if (!gate.isAway()) return [];
  const kept = `${spool.size().toLocaleString('en-US')} facts wait on its disk`;
  const unkept = registrations.size();
  const rest = unkept > 0 ? `, and ${unkept.toLocaleString('en-US')} in memory only: the disk takes nothing` : '';
  const words = `The store does not answer the process ${ownProcess.name}: ${kept}${rest}`;
  return [{ kind: 'store-away', key: ownProcess.name, size: 1, words }];
}
