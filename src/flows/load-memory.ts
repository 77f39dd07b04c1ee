import type { Deps } from './deps.ts';

const pageSize = 5000;

/** Fills the memory with the opted-out numbers, so that the gate holds while the store is away. Gives how many. */
export async function loadMemory(deps: Pick<Deps, 'store' | 'memory'>): Promise<number> {
  let after = '';
  let count = 0;
  for (;;) {
    const page = await deps.store.optOuts(after, pageSize);
    for (const { phone } of page) deps.memory.rememberOptOut(phone);
    count += page.length;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return count;
    after = last.phone;
  }
}
