import type { DeliveryAnswers } from '../domain/delivery.ts';
import type { Dialer } from '../domain/dialer.ts';
import { ConnectorError, type ErrorCode } from '../domain/errors.ts';
import type { Platform } from '../domain/platform.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { LinkTraffic } from './link-traffic.ts';

/** A dialer whose link is watched: what is asked of it through the port is counted, and is the same but for that. */
export function watchedDialer(dialer: Dialer, traffic: LinkTraffic): Dialer {
  const watch = watcherOf(dialer.id, traffic);
  const { deliver, confirm, readLeads, findCall, findLead, look, readLegRecord } = partsOf(dialer);
  const { reviewCampaigns, whyNotDialled } = partsOf(dialer);
  const control = dialer.control && partsOf(dialer.control);
  return {
    ...dialer,
    async deliver(rows, keep) {
      const left = new Map(rows.map((row) => [row.id, row]));
      const taken = (answers: DeliveryAnswers) => countTaken(traffic, dialer.id, left, answers);
      const answers = await watch(
        () =>
          deliver(
            rows,
            keep &&
              (async (kept) => {
                await keep(kept);
                taken(kept);
              }),
          ),
        (given) => given.size > 0 && [...given.values()].every(({ kind }) => kind === 'retry'),
      );
      taken(answers);
      return answers;
    },
    ...(confirm && { confirm: (receipt, rows) => watch(() => confirm(receipt, rows)) }),
    ...(readLeads && { readLeads: (cursor, signal, pace) => watch.untimed(() => readLeads(cursor, signal, pace)) }),
    ...(reviewCampaigns && { reviewCampaigns: () => watch.untimed(() => reviewCampaigns()) }),
    ...(whyNotDialled && { whyNotDialled: (leads) => watch.untimed(() => whyNotDialled(leads)) }),
    ...(findCall && { findCall: (variables, signal) => watch(() => findCall(variables, signal)) }),
    ...(findLead && { findLead: (sighting, signal) => watch(() => findLead(sighting, signal)) }),
    ...(look && { look: (rows, signal) => watch(() => look(rows, signal)) }),
    ...(readLegRecord && { readLegRecord: (leg, signal) => watch(() => readLegRecord(leg, signal)) }),
    ...(control && {
      control: {
        ...control,
        hangUp: (leg, result) => watch(() => control.hangUp(leg, result)),
        transfer: (leg, to, result) => watch(() => control.transfer(leg, to, result)),
        look: (leg, result) => watch(() => control.look(leg, result)),
        liveCalls: () => watch(() => control.liveCalls()),
      },
    }),
  };
}

/** The same for an AI platform. */
export function watchedPlatform(platform: Platform, traffic: LinkTraffic): Platform {
  const watch = watcherOf(platform.id, traffic);
  const { readCall, listCalls, eraseCall } = partsOf(platform);
  return {
    ...platform,
    ...(readCall && { readCall: (callKey, signal) => watch(() => readCall(callKey, signal)) }),
    ...(listCalls && { listCalls: (since, cursor, signal) => watch.untimed(() => listCalls(since, cursor, signal)) }),
    ...(eraseCall && { eraseCall: (callKey) => watch(() => eraseCall(callKey)) }),
  };
}

/** What a port can do, each by itself: a connector's parts may speak of each other by `this`. */
function partsOf<Port extends object>(port: Port): Port {
  const parts = Object.entries(port).map(([name, part]) => [name, typeof part === 'function' ? part.bind(port) : part]);
  return Object.fromEntries(parts) as Port;
}

type Watch = <T>(ask: () => Promise<T>, isFailure?: (answer: T) => boolean) => Promise<T>;

function watcherOf(id: string, traffic: LinkTraffic): Watch & { untimed: Watch } {
  const watching =
    (isTimed: boolean): Watch =>
    async (ask, isFailure = () => false) => {
      const startedAt = performance.now();
      const ms = () => (isTimed ? performance.now() - startedAt : null);
      try {
        const answer = await ask();
        traffic.asking(id, ms(), isFailure(answer));
        return answer;
      } catch (error) {
        // A limit is kept by not asking.
        if (codeOf(error) !== 'dialer_limit') traffic.asking(id, ms(), speaksAgainst(error));
        throw error;
      }
    };
  return Object.assign(watching(true), { untimed: watching(false) });
}

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
