import type { Counters } from './deps.ts';
import type { LinkTraffic } from './link-traffic.ts';

/** The same traffic, counted for the metrics too. */
export function countedTraffic(traffic: LinkTraffic, count: Pick<Counters, 'systemRequest'>): LinkTraffic {
  return {
    ...traffic,
    asked(instance, ms, isError) {
      traffic.asked(instance, ms, isError);
      count.systemRequest(instance, 'in', ms, isError);
    },
    asking(instance, ms, isError) {
      traffic.asking(instance, ms, isError);
      count.systemRequest(instance, 'out', ms, isError);
    },
  };
}
