import { ConnectorError } from '../domain/errors.ts';

/** The answer of some work, or `store_away` when it takes longer (of the machine's time): nobody waits for a page for ever. */
export async function withinTime<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new ConnectorError('store_away', `no page within ${ms} ms`, { retryable: true })),
      ms,
    );
  });
  const working = work();
  working.catch(() => undefined);
  return Promise.race([working, late]).finally(() => clearTimeout(timer));
}
