import type { Response } from 'express';
import { withFormToken } from '../form.ts';
import type { Viewer } from './hub.ts';

export interface LiveStream extends Viewer {
  /** Shows that both ends are there: who hears nothing for long connects anew, and who reads nothing for long is cut off. */
  keepAlive(): void;
  /** Says why, and ends. */
  end(why: 'gone' | 'logged-out' | 'closing'): void;
}

/** After so long without a reader what is left to be sent is given up. */
const stalledMs = 60_000;
/** For those who end: the service that stops waits for them. */
const lastWordsMs = 1000;

/**
 * Server-sent events of one viewer: only parts that changed since they were sent. While the reader does not keep up nothing
 * queues: when it reads again, it gets the difference to the newest.
 */
export function openStream(response: Response, formToken: string, givesUpAfterMs = stalledMs): LiveStream {
  const sent = new Map<string, string>();
  let newest: ReadonlyMap<string, string> | undefined;
  let isBlocked = false;
  let readAt = performance.now();
  let isInTrouble = false;

  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    // Proxies that gather an answer before they pass it on are told not to.
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  response.on('drain', () => {
    isBlocked = false;
    readAt = performance.now();
    if (newest) catchUp(newest);
  });
  write(': the parts of the page follow\n\n');

  function write(text: string): void {
    if (response.writableEnded || response.destroyed) return;
    if (!isBlocked) readAt = performance.now();
    isBlocked = !response.write(text) || isBlocked;
  }

  function tell(event: string, data: unknown): void {
    write(`event: ${event}\ndata: ${withFormToken(JSON.stringify(data), formToken)}\n\n`);
  }

  function catchUp(parts: ReadonlyMap<string, string>): void {
    const changed = [...parts].filter(([id, markup]) => sent.get(id) !== markup);
    for (const [id, markup] of changed) sent.set(id, markup);
    for (const id of sent.keys()) if (!parts.has(id)) sent.delete(id);
    // A part that stands within another that goes out anyway.
    const outer = changed.filter(
      ([id, markup]) => !changed.some(([other, all]) => other !== id && all.includes(markup)),
    );
    if (outer.length > 0 || isInTrouble) tell('parts', outer);
    isInTrouble = false;
  }

  return {
    see(parts) {
      newest = parts;
      if (!isBlocked) catchUp(parts);
    },
    miss(why) {
      if (why === 'gone') return this.end('gone');
      if (!isInTrouble && !isBlocked) tell('trouble', '');
      isInTrouble = true;
    },
    keepAlive() {
      if (!isBlocked) tell('here', '');
      else if (performance.now() - readAt > givesUpAfterMs) response.destroy();
    },
    end(why) {
      tell('bye', why);
      response.end();
      const timer = setTimeout(() => response.destroy(), lastWordsMs).unref();
      response.once('close', () => clearTimeout(timer));
    },
  };
}
