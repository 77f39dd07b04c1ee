import { isAway } from './database-away.ts';
import type { VicidialDeps } from './deps.ts';
import { groupOf, inTurn, type LiveCall } from './live-call.ts';
import { noteStatus, updateLog } from './log-rows.ts';
import { beatLines } from './remote-agent-lines.ts';
import { launchStartCallUrl } from './start-call-url.ts';
import { text } from './tables.ts';

const loopMs = 2000;
const loopsPerLook = 5;
const heartbeatMs = 500;
/** A line whose heartbeat is older gets no calls. */
const freshSec = 5;

/**
 * The daemon of the remote agents, which loops every two seconds: it keeps the lines' heartbeat, frees lines whose call
 * is gone, and every fifth loop notices the lines that got a call. Steps are taken when a loop would take them, so that a
 * clock that runs fast needs no loops.
 */
export interface RemoteAgentDaemon {
  /** Waits for the fifth loop that notices the call, `noticeSec` after the hand-over where that is given. */
  watch(call: LiveCall, noticeSec: number | undefined): Promise<void>;
  /** The call is over: one of the next loops finds its line without a live row. */
  freeLater(call: LiveCall): void;
  /** Stops it, as a crash would, or starts it again. */
  setRunning(isRunning: boolean): void;
  /** False when the lines' heartbeats are too old for the routing scripts. */
  isFresh(): boolean;
  stop(): void;
}

export function startRemoteAgentDaemon(deps: VicidialDeps): RemoteAgentDaemon {
  const { clock, tables, stopping } = deps;
  const firstLoopAt = clock.now() - Math.random() * loopMs * loopsPerLook;
  let stoppedAt: number | null = null;
  let isLooking = false;

  const untilLoop = (every: number) => every - ((clock.now() - firstLoopAt) % every);

  async function watch(call: LiveCall, noticeSec: number | undefined): Promise<void> {
    const over = AbortSignal.any([stopping, call.ended.signal]);
    let waitMs = noticeSec === undefined ? untilLoop(loopMs * loopsPerLook) : noticeSec * 1000;
    for (;;) {
      await clock.sleep(waitMs, over);
      if (over.aborted) return;
      if (stoppedAt === null) {
        try {
          await inTurn(call, () => notice(call));
          return;
        } catch (error) {
          if (!isAway(error)) throw error;
        }
      }
      waitMs = untilLoop(loopMs * loopsPerLook);
    }
  }

  function freeLater(call: LiveCall): void {
    if (!call.line) return;
    const free = async () => {
      await clock.sleep(loopMs + Math.random() * loopMs, stopping);
      while (stoppedAt !== null && !stopping.aborted) await clock.sleep(loopMs, stopping);
      if (!stopping.aborted) await freeLines(deps, [call.line], call.code);
    };
    // With the database dead the line stays as it is, for the look at all lines when it is back.
    void free().catch(() => undefined);
  }

  /** Lines whose call has no live row are READY again: after a restart of the database that is every line. */
  async function freeDeadLines(): Promise<void> {
    await clock.sleep(untilLoop(loopMs) + loopMs, stopping);
    if (stopping.aborted) return;
    const dead = await tables.read(
      `SELECT a.user FROM vicidial_live_agents a LEFT JOIN vicidial_auto_calls c ON c.callerid = a.callerid
       WHERE a.extension LIKE 'R/%' AND a.uniqueid <> '' AND c.callerid IS NULL`,
    );
    await freeLines(
      deps,
      dead.map(({ user }) => text(user)),
    );
  }

  async function beat(): Promise<void> {
    if (stoppedAt !== null) return;
    // With the database dead there is no heartbeat, and nothing to look at.
    await beatLines(deps).catch(() => undefined);
    if (isLooking) return;
    isLooking = true;
    await freeDeadLines().catch(() => undefined);
    isLooking = false;
  }

  const heartbeat = setInterval(() => void beat(), heartbeatMs).unref();
  return {
    watch,
    freeLater,
    setRunning(isRunning) {
      stoppedAt = isRunning ? null : (stoppedAt ?? clock.now());
    },
    isFresh: () => stoppedAt === null || clock.now() - stoppedAt < freshSec * 1000,
    stop: () => clearInterval(heartbeat),
  };
}

/** The lead's status is overwritten, late as it may be, unless the call is over or its line was freed by then. */
async function notice(call: LiveCall): Promise<void> {
  const { deps } = call;
  if (deps.stopping.aborted || call.ended.signal.aborted) return;
  const noticed = await deps.tables.change(
    `UPDATE vicidial_live_agents SET status = 'INCALL', calls_today = calls_today + 1, comments = 'REMOTE'
     WHERE user = ? AND callerid = ? AND status = 'QUEUE'`,
    [call.line, call.code],
  );
  if (noticed === 0) return;
  await deps.tables.change("UPDATE vicidial_list SET status = 'XFER', user = ? WHERE lead_id = ?", [
    call.line,
    call.lead.lead_id ?? 0,
  ]);
  await updateLog(call, { status: 'XFER', user: call.line, comments: 'REMOTE' });
  noteStatus(call, 'XFER', 'dialer');
  await launchStartCallUrl(call, groupOf(call));
}

async function freeLines({ tables, time }: VicidialDeps, users: readonly string[], code?: string): Promise<void> {
  if (users.length === 0) return;
  await tables.change(
    `UPDATE vicidial_live_agents SET status = 'READY', lead_id = 0, uniqueid = '', callerid = '', channel = '',
       comments = '', last_state_change = ? WHERE user IN (?) ${code ? 'AND callerid = ?' : ''}`,
    [time.local(), users, ...(code ? [code] : [])],
  );
}
