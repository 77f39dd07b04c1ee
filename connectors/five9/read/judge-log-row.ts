import type { Instant } from '../../../src/domain/call.ts';
import type { CallDescription } from '../../../src/domain/connector.ts';
import type { Fact, StoredFact } from '../../../src/domain/fact.ts';
import { outcomeOfDisposition } from '../../../src/domain/settings.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9Config } from '../config.ts';
import type { LogRow } from './call-log-rows.ts';

/**
 * What the log makes of one call. `same`: it shows what we wrote; `differs`: something else; `human`: an agent's word, which
 * wins; `system`: only what Five9 sets by itself, so the log tells nothing of the result; `open`: nothing is written yet;
 * `unknown`: it never reached us; `missing`: ours, and not in the log.
 */
export const findingKinds = ['same', 'differs', 'human', 'system', 'open', 'unknown', 'missing'] as const;
export type FindingKind = (typeof findingKinds)[number];

/** How the keys of facts from the log begin. */
const logKey = 'call-log:';

export interface Finding {
  kind: FindingKind;
  callId: string;
  correlationId: string;
  at: Instant;
  campaign: string;
  /** The disposition that we want, and how far its write-back came. */
  wrote: string;
  state: string;
  /** The disposition that the log shows, and its agent. */
  shows: string;
  agent: string;
}

/** Compares one row of the log with what we hold of the call; with the fact that a human's new word makes. Pure. */
export function judgeLogRow(
  id: string,
  config: Five9Config,
  row: LogRow,
  known: CallDescription | undefined,
  now: Instant,
): { finding: Finding; fact?: Fact } {
  const { callId, at, campaign, agent, disposition: shows } = row;
  const last = known && lastDisposition(id, callId, known.writeBacks);
  const finding: Finding = {
    kind: 'unknown',
    callId,
    correlationId: known?.call.correlationId ?? '',
    at,
    campaign,
    wrote: last?.desired.aspect === 'disposition' ? last.desired.disposition : '',
    state: last?.state ?? '',
    shows,
    agent,
  };
  if (!known) return { finding };

  if (isAgentsWord(row, config) && shows !== finding.wrote && !wasBeforeTheAi(row, known.facts)) {
    const fact = humanFact(id, config, row, known, now);
    return { finding: { ...finding, kind: 'human' }, ...(fact && { fact }) };
  }
  return { finding: { ...finding, kind: kindOf(finding, isSystem(shows, config)) } };
}

/** True when a person gave the call its disposition. */
export function isAgentsWord({ agent, disposition }: LogRow, config: Five9Config): boolean {
  return agent !== '' && !isSystem(disposition, config);
}

function isSystem(disposition: string, { callLog }: Five9Config): boolean {
  return disposition === '' || callLog.systemDispositions.includes(disposition);
}

function kindOf({ wrote, state, shows }: Finding, isSystem: boolean): FindingKind {
  if (wrote && wrote === shows) return 'same';
  if (isSystem) return 'system';
  return !wrote || ['held', 'pending', 'claimed', 'submitted', 'shadow'].includes(state) ? 'open' : 'differs';
}

/** The write-back that counts for this leg of the call. */
function lastDisposition(id: string, callId: string, writeBacks: readonly WriteBack[]): WriteBack | undefined {
  return writeBacks.findLast(
    ({ dialer, desired, target, state }) =>
      dialer === id &&
      desired.aspect === 'disposition' &&
      target.callKey === callId &&
      state !== 'superseded' &&
      state !== 'cancelled',
  );
}

/** An agent who handed the call to the AI, instead of taking it over. */
function wasBeforeTheAi({ endedAt }: LogRow, facts: readonly StoredFact[]): boolean {
  const began = facts.find(({ body }) => body.kind === 'started');
  return endedAt !== '' && began !== undefined && endedAt < began.at;
}

/**
 * The agent's word as a fact; undefined when it is the latest that this row told, or that we know otherwise. The log says
 * when the call was over, not when it was dispositioned: a word that was changed later counts from when we see it.
 */
function humanFact(
  id: string,
  config: Five9Config,
  { callId, at: beganAt, endedAt, campaign, agent, disposition }: LogRow,
  { call, facts }: CallDescription,
  now: Instant,
): Fact | undefined {
  const ofThisRow = `${logKey}${callId}:`;
  let read: StoredFact | undefined;
  let before: StoredFact | undefined;
  for (const fact of facts) {
    if (fact.body.kind !== 'dispositioned' || fact.body.dialer !== id) continue;
    const isOfThisRow = fact.key.startsWith(ofThisRow);
    // Another leg of the call has another row, with a word of its own.
    if (fact.key.startsWith(logKey) && !isOfThisRow) continue;
    if (isOfThisRow && (!read || fact.at >= read.at)) read = fact;
    if (!before || fact.at >= before.at) before = fact;
  }
  for (const known of [read, before]) {
    if (known?.body.kind === 'dispositioned' && known.body.disposition === disposition) return undefined;
  }

  const saidAt = before ? now : endedAt || beganAt;
  const at = saidAt < now ? saidAt : now;
  const outcome = outcomeOfDisposition(config, campaign || call.campaign, disposition);
  return {
    refs: [{ instance: id, kind: 'call-id', key: callId }],
    source: id,
    key: `${ofThisRow}${disposition}:${at}`,
    at,
    body: { kind: 'dispositioned', dialer: id, disposition, by: agent, ...(outcome && { outcome }) },
  };
}
