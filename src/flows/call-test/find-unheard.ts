import type { Dialer } from '../../domain/dialer.ts';
import type { TestCall } from '../../domain/test-call.ts';
import type { Deps } from '../deps.ts';

/**
 * A conversation that a platform lists for the number of the test, though no event of it was found to be the call: its name;
 * empty when there is none.
 */
export async function findUnheard(
  deps: Pick<Deps, 'platforms' | 'readPhone'>,
  { dialer, test, correlationId }: { dialer: Dialer; test: TestCall; correlationId: string },
): Promise<string> {
  for (const platform of deps.platforms.values()) {
    const page = await platform.listCalls?.(test.begunAt, '').catch(() => null);
    for (const { callKey, createdAt, events } of page?.records ?? []) {
      const isOurs = events.some(({ variables, numbers }) => {
        const customer = numbers?.customer ? deps.readPhone(numbers.customer, dialer.settings.country) : '';
        return variables.correlation_id === correlationId || customer === test.phone;
      });
      if (isOurs && createdAt >= test.begunAt) return `${platform.id} ${callKey}`;
    }
  }
  return '';
}
