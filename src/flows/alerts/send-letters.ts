import type { HeldLease } from '../../domain/lease.ts';
import type { KeptLetter } from '../../domain/letter.ts';
import type { Deps } from '../deps.ts';
import type { AlertChannel, Sent } from './channel.ts';

type SendDeps = Pick<Deps, 'store' | 'clock' | 'log' | 'alertChannels' | 'count' | 'random'>;

const minMs = 60_000;
/** Waits between tries, as Standard Webhooks advises; after the last the letter is given up. Some 18 hours in all. */
const waitsMs = [5000, minMs, 5 * minMs, 30 * minMs, 120 * minMs, 300 * minMs, 600 * minMs];
/** A letter whose sender died is tried again after so long. */
const claimMs = 2 * minMs;
const mostAtOnce = 20;

/**
 * Sends the letters whose time has come, those of a channel one after the other. A letter is claimed before it is sent, so
 * that none is sent by two processes; one whose answer was lost comes again, under the same id.
 */
export async function sendLetters(deps: SendDeps, lease: HeldLease, signal: AbortSignal): Promise<void> {
  const due = await deps.store.channelsWithDue(instant(deps.clock.now()));
  await Promise.all(due.map((id) => sendAllTo(deps, id, { lease, signal })));
}

async function sendAllTo(
  deps: SendDeps,
  id: string,
  { lease, signal }: { lease: HeldLease; signal: AbortSignal },
): Promise<void> {
  const channel = deps.alertChannels.get(id);
  for (let count = 0; count < mostAtOnce && !signal.aborted; count += 1) {
    const now = deps.clock.now();
    const claim = { channel: id, now: instant(now), until: instant(now + claimMs), under: lease };
    const letter = await deps.store.claimLetter(claim);
    // A process that was frozen since may have been followed by another.
    if (!letter || !lease.isOurs()) return;
    const sent = channel ? await channel.send(letter) : { ...gone, isFinal: letter.attempts >= goneAfter };
    await settle(deps, letter, { sent, kind: channel?.kind });
    // What follows would fail as well, and count as tried.
    if (sent.kind === 'failed') return;
  }
}

/** Another process may have a newer configuration, with this channel. */
const goneAfter = 3;
const gone = {
  kind: 'failed',
  why: 'the channel is not configured any more',
  hint: 'Nothing is to be done.',
} satisfies Partial<Sent>;

async function settle(
  deps: SendDeps,
  letter: KeptLetter,
  { sent, kind }: { sent: Sent; kind: AlertChannel['kind'] | undefined },
): Promise<void> {
  const { id, channel, attempts } = letter;
  const now = deps.clock.now();
  if (kind) deps.count.alertSent(kind, sent.kind);
  if (sent.kind === 'sent') {
    await deps.store.settleLetter({ id, state: 'sent', dueAt: instant(now), why: '', sentAt: instant(now) });
    return;
  }
  const { why, hint, isFinal = false } = sent;
  const waitMs = nextTry(attempts, sent, deps.random());
  const fields = { channel, attempts, reason: why, hint };
  const state = isFinal || waitMs === null ? 'dead' : 'waiting';
  if (state === 'dead') deps.log.error(fields, 'a letter of alerts could not be sent and is given up');
  else deps.log.warn(fields, 'a letter of alerts could not be sent and will be tried again');
  const dueAt = instant(now + (waitMs ?? 0));
  await deps.store.settleLetter({ id, state, dueAt, why: `${why}. ${hint}`, sentAt: null });
}

/** How long to wait after so many tries; null: no more. A receiver that asks for more time gets it. */
export function nextTry(attempts: number, { afterMs = 0 }: { afterMs?: number }, random: number): number | null {
  const wait = waitsMs[attempts - 1];
  return wait === undefined ? null : Math.max(afterMs, Math.round(wait * (1 + random / 5)));
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
