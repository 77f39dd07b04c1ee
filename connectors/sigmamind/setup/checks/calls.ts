import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { callPages } from '../../api/call-pages.ts';
import type { CallRecord } from '../../api/calls.ts';
import { isOver } from '../../api/states.ts';
import { looked, ok, warn } from '../check-results.ts';
import type { SeenSite } from '../seen-site.ts';

const dayMs = 24 * 3_600_000;
/** A recording is ready within some minutes. */
const recordingAfterMs = 15 * 60_000;
/** Fewer may be chance. */
const fewest = 3;
const badShare = 0.2;
const longestReadPages = 5;
const conversations = 'Dashboard → Observe → Conversations';

export function callChecks(site: SeenSite): Check[] {
  let read: Promise<CallRecord[]> | undefined;
  const recent = () => {
    read ??= recentCalls(site);
    return read;
  };
  return [
    {
      id: 'conversations.recent',
      title: 'The conversations of the last day came about',
      looksAt: 'GET /v1/calls: status, terminationReason',
      needs: ['api.key'],
      run: () => looked(async () => judgeCalls(await recent())),
    },
    {
      id: 'recordings',
      title: 'The conversations of the last day were recorded',
      looksAt: 'GET /v1/calls: recordingUrl',
      needs: ['api.key'],
      run: () => looked(async () => judgeRecordings(await recent(), site.deps.clock.now())),
    },
  ];
}

function judgeCalls(calls: readonly CallRecord[]): CheckResult {
  if (calls.length === 0) return ok('not used: no conversation within a day');
  const broken = calls.filter(({ status }) => status === 'error' || status === 'failed');
  const unconnected = calls.filter(({ status }) => status === 'not_connected');
  const words = `${calls.length} conversation(s) within a day, ${broken.length} ended with an error, ${unconnected.length} were not connected`;
  if (isMany(broken, calls)) {
    return warn(
      `${words}${reasonsOf(broken)}`,
      'The customer heard nothing, or was cut off.',
      `Dashboard → System → Logs, at the times of these calls: ${conversations}, status error. Common causes: a model or voice that the agent names is gone, an agent that is not published.`,
    );
  }
  if (isMany(unconnected, calls)) {
    return warn(
      `${words}${reasonsOf(unconnected)}`,
      'SigmaMind took the call, and nobody answered it.',
      `${conversations}, status not-connected: see whether they share a number. Common causes: no agent on the number, an Inbound Webhook URL that does not answer (Deploy → Phone Numbers → the number), more calls at once than the workspace allows.`,
    );
  }
  return ok(words);
}

function judgeRecordings(calls: readonly CallRecord[], now: number): CheckResult {
  const due = calls.filter((call) => {
    const { status, duration, endTime } = call;
    const endedAt = typeof endTime === 'string' ? Date.parse(endTime) : Number.NaN;
    return (
      isOver(call) &&
      ['ended', 'completed'].includes(status) &&
      Number(duration) > 0 &&
      now - endedAt > recordingAfterMs
    );
  });
  if (due.length === 0) return ok('not used: no conversation of the last day is due to have one');
  const without = due.filter(({ recordingUrl }) => typeof recordingUrl !== 'string' || recordingUrl === '');
  if (without.length < fewest || without.length / due.length <= badShare) {
    return ok(`${due.length - without.length} of ${due.length} conversation(s) have one`);
  }
  return warn(
    `${without.length} of ${due.length} conversation(s) have none`,
    'What the AI said can not be heard again, nor be handed out as evidence. The dialer records the whole call by itself.',
    `${conversations} → the conversation → Recording; see whether recording is switched on for the workspace, else ask SigmaMind.`,
  );
}

function isMany(some: readonly CallRecord[], all: readonly CallRecord[]): boolean {
  return some.length >= fewest && some.length / all.length > badShare;
}

function reasonsOf(calls: readonly CallRecord[]): string {
  const reasons = [...new Set(calls.map(({ terminationReason }) => terminationReason).filter(Boolean))];
  return reasons.length > 0 ? ` (${reasons.join(', ')})` : '';
}

async function recentCalls({ api, config, deps }: SeenSite): Promise<CallRecord[]> {
  const sinceMs = deps.clock.now() - dayMs;
  const limits = { ...config.callList, maxPages: longestReadPages };
  const calls: CallRecord[] = [];
  for await (const { rows } of callPages(api, limits, new Date(sinceMs).toISOString())) calls.push(...rows);
  return calls.filter(({ createdAt }) => Date.parse(createdAt) >= sinceMs);
}
