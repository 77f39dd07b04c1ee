import type { Server } from 'node:https';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/connector.ts';
import { ConnectorError, messageOf } from '../domain/errors.ts';
import { readTlsPair, type TlsPair, type TlsSettings } from './tls-files.ts';

export interface TlsReload {
  /** Looks at the files at once, and takes up what is new. */
  reload(): Promise<void>;
  /** When the certificate in use ends, epoch ms. */
  endsAt(): number;
  stop(): void;
}

/** How often the files are looked at: two small reads. */
const lookEveryMs = 10_000;

/**
 * Takes up a new certificate without a restart: connections that are open go on as they are. A pair that can't serve is
 * refused and said, and the old one goes on. What looks broken is looked at a second time before it is said: the two files
 * are rarely replaced at the same moment.
 */
export function keepTlsFresh(
  { clock, log }: { clock: Pick<Clock, 'now'>; log: Log },
  settings: TlsSettings,
  first: TlsPair,
  server: Pick<Server, 'setSecureContext'>,
  everyMs = lookEveryMs,
): TlsReload {
  let used = first;
  let doubted = '';
  let said = '';
  if (used.endsAt <= clock.now()) log.error({ endedAt: dayOf(used) }, 'the TLS certificate has ended');

  async function look(isAsked: boolean): Promise<void> {
    try {
      const found = await readTlsPair(settings);
      if (found.mark !== used.mark) {
        if (found.endsAt <= clock.now() && used.endsAt > found.endsAt) {
          throw new ConnectorError('config_invalid', 'the new certificate has ended already', {
            hint: 'Put one into its place that is good.',
          });
        }
        server.setSecureContext(found.options);
        used = found;
        log.info({ goodUntil: dayOf(found) }, 'a new TLS certificate is in use');
      } else if (isAsked) log.info({ goodUntil: dayOf(used) }, 'the TLS certificate is the same as before');
      doubted = '';
      said = '';
    } catch (error) {
      refuse(error, isAsked);
    }
  }

  function refuse(error: unknown, isAsked: boolean): void {
    const reason = messageOf(error);
    if (reason !== said && (isAsked || reason === doubted)) {
      const hint = error instanceof ConnectorError ? error.hint : '';
      log.error({ reason, hint, goodUntil: dayOf(used) }, 'the new TLS certificate is refused: the old one goes on');
      said = reason;
    }
    doubted = reason;
  }

  const timer = setInterval(() => void look(false), everyMs).unref();
  return { reload: () => look(true), endsAt: () => used.endsAt, stop: () => clearInterval(timer) };
}

function dayOf({ endsAt }: TlsPair): string {
  return new Date(endsAt).toISOString().slice(0, 10);
}
