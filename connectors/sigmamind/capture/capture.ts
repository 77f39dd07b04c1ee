import type { ConnectorDeps, PlainRequest } from '../../../src/domain/connector.ts';
import { messageOf } from '../../../src/domain/errors.ts';
import type { SigmamindConfig } from '../config.ts';
import { type DeliveryDescription, describeDelivery } from './describe-delivery.ts';

/** Describes the first deliveries that come with a right token. It says nothing about whether they are accepted. */
export interface Capture {
  /** Never waits and never throws. `denied`: why the configured rule did not accept it; empty when it did. */
  see(request: PlainRequest, denied: string): void;
  captured(): Promise<readonly Captured[]>;
  /** The next deliveries are described anew. */
  clear(): Promise<void>;
}

export interface Captured extends DeliveryDescription {
  at: string;
  denied: string;
}

const cursor = 'capture';

/** What was described is kept under a cursor, so that a command of another process can show it. */
export function createCapture(
  { clock, log, readCursor, writeCursor }: Pick<ConnectorDeps, 'clock' | 'log' | 'readCursor' | 'writeCursor'>,
  config: Pick<SigmamindConfig, 'webhook' | 'apiKey'>,
): Capture {
  const most = config.webhook.capture;
  const { signature, tokens } = config.webhook;
  const own = signature.preset === 'none' ? [] : signature.secrets;
  const secrets = [
    ...own.map((value, index) => ({ name: `number ${index + 1} of webhook.signature.secrets`, value })),
    { name: 'apiKey: put it into webhook.signature.secrets', value: config.apiKey },
  ];
  const hidden = [...own, ...tokens, config.apiKey];
  /** One after the other: each reads what the one before has written. */
  let queue: Promise<void> = Promise.resolve();
  let waiting = 0;
  let isFull = most === 0;

  async function captured(): Promise<Captured[]> {
    const text = await readCursor(cursor);
    return text ? (JSON.parse(text) as Captured[]) : [];
  }

  async function keep(seen: Captured): Promise<void> {
    try {
      const before = await captured();
      isFull = before.length >= most;
      if (isFull) return;
      await writeCursor(cursor, JSON.stringify([...before, seen]));
      isFull = before.length + 1 >= most;
      log.info({ count: before.length + 1, of: most }, 'a delivery was described: see the command `capture`');
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'a delivery could not be described');
    } finally {
      waiting -= 1;
    }
  }

  return {
    see(request, denied) {
      if (isFull || waiting >= most) return;
      waiting += 1;
      const at = new Date(clock.now()).toISOString();
      const seen = { at, denied, ...describeDelivery(request, { secrets, hidden, nowMs: clock.now() }) };
      queue = queue.then(() => keep(seen));
    },
    captured,
    clear: () => writeCursor(cursor, ''),
  };
}
