import type { ConnectorRoute, PlainAnswer } from '../../../src/domain/connector.ts';
import { findCall } from '../find-call.ts';
import type { Vicidial } from '../vicidial.ts';

/** The Start Call URL: the dialer's own notice that a line has a call, independent of any header. Ids only. */
export function routes(vicidial: Vicidial): ConnectorRoute[] {
  return [
    {
      method: 'GET',
      path: 'start',
      access: 'client',
      async handle({ query }) {
        const signal = AbortSignal.timeout((vicidial.config.database ?? vicidial.config.api).timeoutMs);
        const sighting = await findCall(vicidial, query, signal);
        if (!sighting) return plain('unknown');
        const { correlationId } = await vicidial.deps.registerCall(sighting, 'start');
        return plain(`ok ${correlationId}`);
      },
    },
  ];
}

/** VICIdial stores the answer in vicidial_url_log, and does nothing else with it. */
function plain(body: string): PlainAnswer {
  return { status: 200, contentType: 'text/plain; charset=utf-8', body: `${body}\n` };
}
