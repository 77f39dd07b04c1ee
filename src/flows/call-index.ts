import type { Call } from '../domain/call.ts';

/** Calls by marks that several may share. Holds no more calls than it was told to add and not yet to drop. */
export interface CallIndex {
  /** @param before what was added of the same call until now */
  add(call: Call, before?: Call): void;
  drop(call: Call): void;
  ofPhone(phone: string): string[];
  ofLead(dialer: string, leadKey: string): string[];
  /** Those that were registered within a span of time (epoch ms), and some just before and after it. */
  ofCampaign(dialer: string, campaign: string, span: Span): string[];
}

export interface Span {
  from: number;
  to: number;
}

/** Gives correlation IDs, in no order that could be relied on. */
export function createCallIndex(): CallIndex {
  const ids = new Map<string, Set<string>>();

  const idsOf = (mark: string): string[] => [...(ids.get(mark) ?? [])];

  function drop(call: Call): void {
    for (const mark of marksOf(call)) {
      const known = ids.get(mark);
      known?.delete(call.correlationId);
      if (known?.size === 0) ids.delete(mark);
    }
  }

  return {
    add(call, before) {
      if (before && hasSameMarks(before, call)) return;
      if (before) drop(before);
      for (const mark of marksOf(call)) {
        const known = ids.get(mark);
        if (known) known.add(call.correlationId);
        else ids.set(mark, new Set([call.correlationId]));
      }
    },
    drop,
    ofPhone: (phone) => idsOf(`phone ${phone}`),
    ofLead: (dialer, leadKey) => idsOf(`lead ${dialer} ${leadKey}`),
    ofCampaign(dialer, campaign, { from, to }) {
      const found: string[] = [];
      for (let minute = minuteOf(from); minute <= minuteOf(to); minute += 1) {
        found.push(...idsOf(`campaign ${dialer} ${campaign} ${minute}`));
      }
      return found;
    },
  };
}

/** A busy campaign has thousands of calls: those of one minute lie together. */
function minuteOf(ms: number): number {
  return Math.floor(ms / 60_000);
}

/** Most of what is heard of a call leaves its marks as they are. */
function hasSameMarks(one: Call, other: Call): boolean {
  return (
    one.phone === other.phone &&
    one.leadKey === other.leadKey &&
    one.campaign === other.campaign &&
    one.dialer === other.dialer &&
    one.registeredAt === other.registeredAt
  );
}

function marksOf({ dialer, campaign, leadKey, phone, registeredAt }: Call): string[] {
  return [
    ...(phone ? [`phone ${phone}`] : []),
    ...(leadKey ? [`lead ${dialer} ${leadKey}`] : []),
    ...(campaign ? [`campaign ${dialer} ${campaign} ${minuteOf(Date.parse(registeredAt))}`] : []),
  ];
}
