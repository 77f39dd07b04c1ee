import type { Leg } from '../../src/domain/call.ts';
import type { LegRecord } from '../../src/domain/dialer.ts';
import { ConnectorError } from '../../src/domain/errors.ts';
import { isInboundCode } from './caller-code.ts';
import type { CallLog } from './reads.ts';
import type { Vicidial } from './vicidial.ts';

/** Clocks of a cluster that differ, and the moment between the answer and the start of a recording. */
const skewSec = 30;
/** Where the end is not told: a recording begins when a line has the call, an inbound caller may wait an hour for one. */
const dialledSpanSec = 300;
const inboundSpanSec = 5400;

/** What VICIdial's log and its recordings say of a call that is over; null while it goes on, or has no log row. */
export async function readLegRecord(
  { reads }: Pick<Vicidial, 'reads'>,
  leg: Leg,
  signal?: AbortSignal,
): Promise<LegRecord | null> {
  if (!leg.callKey || !/^[1-9]\d*$/.test(leg.leadKey)) return null;
  const { log } = await reads.callLog(leg, leg.leadKey);
  if (!log?.isEnded) return null;
  const { startedSec, endedSec } = log;
  return {
    ...(startedSec && { answeredAt: instantOfSec(startedSec) }),
    ...(endedSec && { endedAt: instantOfSec(endedSec) }),
    recordingUrls: await recordingsOf(reads, leg, log, signal),
  };
}

async function recordingsOf(
  reads: Vicidial['reads'],
  leg: Leg,
  { uniqueid, startedSec, endedSec }: CallLog,
  signal?: AbortSignal,
): Promise<string[]> {
  const from = (startedSec || Math.floor(Date.parse(leg.calledAt) / 1000)) - skewSec;
  const to = endedSec ? endedSec + skewSec : from + (isInboundCode(leg.callKey) ? inboundSpanSec : dialledSpanSec);
  const found = await reads.recordings(leg.leadKey, { from, to }, signal).catch((error: unknown) => {
    // A site that does not let us see them still tells the times; the check of the set-up says what to grant.
    if (error instanceof ConnectorError && error.code === 'dialer_denied') return [];
    throw error;
  });
  const ours = found.filter((each) => !uniqueid || !each.uniqueid || each.uniqueid === uniqueid);
  const urls = ours.map(({ location }) => location).filter((location) => /^https?:\/\/\S+$/.test(location));
  return [...new Set(urls)].sort();
}

function instantOfSec(sec: number): string {
  return new Date(sec * 1000).toISOString();
}
