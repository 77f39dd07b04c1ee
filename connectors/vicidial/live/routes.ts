import type { ConnectorRoute, PlainAnswer } from '../../../src/domain/connector.ts';
import { recogniseCall } from '../recognise.ts';
import type { Vicidial } from '../vicidial.ts';

/** The Start Call URL: the dialer's own notice that a line has a call, independent of any header. Ids only. */
export function routes(vicidial: Vicidial): ConnectorRoute[] {
  return [
    {
      method: 'GET',
      path: 'start',
      access: 'client',
      async handle({ query }) {
        const sighting = recogniseCall({ ...vicidial, clock: vicidial.deps.clock }, query);
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
