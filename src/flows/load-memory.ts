import type { Deps } from './deps.ts';

const pageSize = 5000;

/** Fills the memory with the opted-out numbers, so that the gate holds while the store is away. Gives how many. */
export async function loadMemory(deps: Pick<Deps, 'store' | 'memory' | 'spool'>): Promise<number> {
  const phones = new Set<string>();
  let after = '';
  for (;;) {
    const page = await deps.store.optOuts(after, pageSize);
    for (const { phone } of page) phones.add(phone);
    const last = page.at(-1);
    if (!last || page.length < pageSize) break;
    after = last.phone;
  }
  // What only the spool knows by now is in no list yet.
  if (deps.spool.size() === 0) deps.memory.replaceOptOuts(phones);
  else for (const phone of phones) deps.memory.rememberOptOut(phone);
  return phones.size;
}
