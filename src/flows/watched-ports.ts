import type { DeliveryAnswers } from '../domain/delivery.ts';
import type { Dialer } from '../domain/dialer.ts';
import { ConnectorError, type ErrorCode } from '../domain/errors.ts';
import type { Platform } from '../domain/platform.ts';
import type { Tracing } from '../domain/tracing.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { LinkTraffic } from './link-traffic.ts';

/** A dialer whose link is watched: what is asked of it through the port is counted, and is the same but for that. */
export function watchedDialer(dialer: Dialer, traffic: LinkTraffic, tracing: Tracing): Dialer {
  const watch = watcherOf(dialer.id, traffic, tracing);
  const { deliver, confirm, readLeads, findCall, findLead, look, readLegRecord } = partsOf(dialer);
  const { reviewCampaigns, whyNotDialled, dialFigures } = partsOf(dialer);
  const control = dialer.control && partsOf(dialer.control);
  return {
    ...dialer,
    async deliver(rows, keep, hold) {
      const left = new Map(rows.map((row) => [row.id, row]));
      const taken = (answers: DeliveryAnswers) => countTaken(traffic, dialer.id, left, answers);
      const answers = await watch(
        'deliver',
        () =>
          deliver(
            rows,
            keep &&
              (async (kept) => {
                await keep(kept);
                taken(kept);
              }),
            hold,
          ),
        (given) => given.size > 0 && [...given.values()].every(({ kind }) => kind === 'retry'),
      );
      taken(answers);
      return answers;
    },
    ...(confirm && {
      confirm: (receipt, rows, hold) => watch('confirm', () => confirm(receipt, rows, hold)),
    }),
    ...(readLeads && {
      readLeads: (cursor, signal, pace) => watch.untimed('readLeads', () => readLeads(cursor, signal, pace)),
    }),
    ...(reviewCampaigns && { reviewCampaigns: () => watch.untimed('reviewCampaigns', () => reviewCampaigns()) }),
    ...(whyNotDialled && { whyNotDialled: (leads) => watch.untimed('whyNotDialled', () => whyNotDialled(leads)) }),
    ...(dialFigures && { dialFigures: (signal) => watch.untimed('dialFigures', () => dialFigures(signal)) }),
    ...(findCall && { findCall: (variables, signal) => watch('findCall', () => findCall(variables, signal)) }),
    ...(findLead && { findLead: (sighting, signal) => watch('findLead', () => findLead(sighting, signal)) }),
    ...(look && { look: (rows, signal) => watch('look', () => look(rows, signal)) }),
    ...(readLegRecord && { readLegRecord: (leg, signal) => watch('readLegRecord', () => readLegRecord(leg, signal)) }),
    ...(control && {
      control: {
        ...control,
        hangUp: (leg, result) => watch('control hangUp', () => control.hangUp(leg, result)),
        transfer: (leg, to, result) => watch('control transfer', () => control.transfer(leg, to, result)),
        look: (leg, result) => watch('control look', () => control.look(leg, result)),
        liveCalls: () => watch('control liveCalls', () => control.liveCalls()),
      },
    }),
  };
}

/** The same for an AI platform. */
export function watchedPlatform(platform: Platform, traffic: LinkTraffic, tracing: Tracing): Platform {
  const watch = watcherOf(platform.id, traffic, tracing);
  const { readCall, listCalls, eraseCall } = partsOf(platform);
  return {
    ...platform,
    ...(readCall && { readCall: (callKey, signal) => watch('readCall', () => readCall(callKey, signal)) }),
    ...(listCalls && {
      listCalls: (since, cursor, signal) => watch.untimed('listCalls', () => listCalls(since, cursor, signal)),
    }),
    ...(eraseCall && { eraseCall: (callKey) => watch('eraseCall', () => eraseCall(callKey)) }),
  };
}

/** What a port can do, each by itself: a connector's parts may speak of each other by `this`. */
function partsOf<Port extends object>(port: Port): Port {
  const parts = Object.entries(port).map(([name, part]) => [name, typeof part === 'function' ? part.bind(port) : part]);
  return Object.fromEntries(parts) as Port;
}

/** @param part of the port that is asked */
type Watch = <T>(part: string, ask: () => Promise<T>, isFailure?: (answer: T) => boolean) => Promise<T>;

function watcherOf(id: string, traffic: LinkTraffic, tracing: Tracing): Watch & { untimed: Watch } {
  const watching =
    (isTimed: boolean): Watch =>
    async (part, ask, isFailure = () => false) => {
      const startedAt = performance.now();
      const ms = () => (isTimed ? performance.now() - startedAt : null);
      try {
        const start = { name: `ask ${part}`, kind: 'client', attributes: { 'patchbay.system': id } } as const;
        const answer = await tracing.run(start, ask);
        traffic.asking(id, ms(), isFailure(answer));
        return answer;
      } catch (error) {
        // A limit is kept by not asking, and who names one lives.
        if (!limits.includes(codeOf(error))) traffic.asking(id, ms(), speaksAgainst(error));
        throw error;
      }
    };
  return Object.assign(watching(true), { untimed: watching(false) });
}

const limits: readonly (ErrorCode | undefined)[] = ['dialer_limit', 'platform_limit'];

/** A system that refuses something lives: its link does what it should. */
const answered: readonly (ErrorCode | undefined)[] = ['dialer_refused', 'platform_refused', 'bad_request', 'not_found'];

function speaksAgainst(error: unknown): boolean {
  return !answered.includes(codeOf(error));
}

function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof ConnectorError ? error.code : undefined;
}

/** Rows that need not be brought to the dialer again. What was kept may be answered once more. */
function countTaken(
  traffic: LinkTraffic,
  dialer: string,
  left: Map<string, WriteBack>,
  answers: DeliveryAnswers,
): void {
  for (const [id, { kind }] of answers) {
    const row = left.get(id);
    if (!row || kind === 'retry' || kind === 'notYet') continue;
    left.delete(id);
    traffic.delivered(dialer, row.aspect, 1);
  }
}
