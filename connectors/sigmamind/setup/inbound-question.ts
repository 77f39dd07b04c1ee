import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import { messageOf } from '../../../src/domain/errors.ts';

/** Under this name it is kept when the platform last asked about a call that came in. */
export const inboundQuestionCursor = 'inbound-question';

const leastPauseMs = 600_000;

/** Notes that a question came, now and then: the doctor sees by it that the URL is entered. The call waits for nothing. */
export function noteInboundQuestions({
  clock,
  log,
  writeCursor,
}: Pick<ConnectorDeps, 'clock' | 'log' | 'writeCursor'>): () => void {
  let notedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = clock.now();
    if (now - notedAt < leastPauseMs) return;
    notedAt = now;
    void writeCursor(inboundQuestionCursor, new Date(now).toISOString()).catch((error: unknown) =>
      log.debug({ reason: messageOf(error) }, 'that an inbound call was asked about could not be noted'),
    );
  };
}
