import type { PlainRequest } from '../domain/connector.ts';
import type { Platform } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import { type Kept, keepEvent } from './keep-event.ts';
import { keepHint } from './keep-hint.ts';

export type EventAnswer =
  | { status: 200; result: Kept | 'ignored' | 'shown' }
  | { status: 400; why: string }
  | { status: 401; why: string };

/** A webhook of the AI platform: verified, read, appended, and only then acknowledged. */
export async function receiveEvent(deps: Deps, platform: Platform, request: PlainRequest): Promise<EventAnswer> {
  const reading = platform.receiveEvent(request);
  if (reading.kind === 'denied') {
    deny(deps, platform.id, reading.why);
    return { status: 401, why: reading.why };
  }
  if (reading.kind === 'unreadable') {
    deps.count.webhook(platform.id, 'unreadable');
    deps.log.error({ platform: platform.id, reason: reading.why }, 'an authentic webhook could not be read');
    return { status: 400, why: reading.why };
  }
  if (reading.kind === 'ignored') {
    deps.count.webhook(platform.id, 'ignored');
    deps.log.debug({ platform: platform.id, reason: reading.why }, 'a webhook was not for us');
    return { status: 200, result: 'ignored' };
  }
  if (reading.kind === 'unknown') {
    const { event, text } = reading;
    deps.count.webhook(platform.id, 'shown');
    deps.log.warn({ platform: platform.id }, 'a webhook is of a kind that we do not know, and names no call');
    deps.board.raise({ kind: 'unknown-event', key: `${platform.id}:${event}`, details: { event, text } });
    return { status: 200, result: 'shown' };
  }
  const keep = reading.event.confirm ? keepHint : keepEvent;
  const result = await keep(deps, platform.id, reading.event);
  deps.count.webhook(platform.id, result);
  return { status: 200, result };
}

/** The reasons are a handful of texts of ours, so a flood makes no more than a handful of things a day, and of lines. */
function deny(deps: Deps, platform: string, why: string): void {
  deps.count.webhook(platform, 'denied');
  const day = new Date(deps.clock.now()).toISOString().slice(0, 10);
  const details = { platform, day, why };
  const isShown = deps.board.raise({ kind: 'forged-event', key: `${platform}:${day}:${why}`, details });
  if (isShown) deps.log.warn({ platform, reason: why }, 'webhooks are denied');
}
