import { ConnectorError } from '../../../src/domain/errors.ts';
import type { PlatformReading } from '../../../src/domain/platform.ts';
import type { SigmamindConfig } from '../config.ts';
import { callEvents, type EventPayload, readPayload } from '../payload.ts';
import { readAnalysis } from './read-analysis.ts';

/** What a captured delivery, or the insights of a call by themselves, would tell, and which rule says so. */
export function explain(
  config: SigmamindConfig,
  readBody: (event: (typeof callEvents)[number], payload: EventPayload) => PlatformReading['body'],
  value: unknown,
): PlatformReading {
  const payload = readPayload(Array.isArray(value) ? { insights: value } : value);
  if (!payload) throw unusable('it is no JSON object');
  const event = callEvents.find((each) => each === payload.event);
  const isBare = payload.event === '' && Object.keys(payload.insights).length === 0;
  const whole = isBare ? readPayload({ insights: value }) : payload;
  if (!whole || (!event && Object.keys(whole.insights).length === 0)) {
    throw unusable('neither an event nor an insight is in it');
  }
  const kind = event ?? 'conversation_analysed';
  const analysis = kind === 'conversation_analysed' ? readAnalysis(config.analysis, whole.insights) : null;
  return {
    body: readBody(kind, whole),
    at: whole.at,
    rules: analysis?.rules ?? [],
    notes: analysis?.notes ?? [],
  };
}

function unusable(why: string): ConnectorError {
  return new ConnectorError('bad_request', `this can't be read as something that SigmaMind sends: ${why}`, {
    hint: 'Give the body of a delivery, or the insights as {"qualification": "Interested"}.',
  });
}
