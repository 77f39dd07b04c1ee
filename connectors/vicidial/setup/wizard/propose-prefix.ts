import type { SiteSetUp } from '../../tables/site-set-up.ts';

const usual = '7700';

/** Digits that the patterns of all carriers begin with, and those that campaigns dial with. */
export function prefixesInUse({ carriers, campaigns }: Pick<SiteSetUp, 'carriers' | 'campaigns'>): string[] {
  const patterns = carriers.flatMap(({ dialplan }) =>
    [...dialplan.matchAll(/^\s*exten\s*=>?\s*_?(\d+)/gm)].map(([, digits = '']) => digits),
  );
  const dialled = campaigns.map(({ dialPrefix }) => dialPrefix).filter((prefix) => /^\d+$/.test(prefix));
  return [...new Set([...patterns, ...dialled])];
}

/** A prefix that neither begins like one in use, nor is the beginning of one. */
export function freePrefix(inUse: readonly string[]): string {
  const isFree = (prefix: string) => inUse.every((used) => !prefix.startsWith(used) && !used.startsWith(prefix));
  const candidates = [usual, ...Array.from({ length: 8 }, (_, index) => `${8 - index}${8 - index}00`)];
  return candidates.find(isFree) ?? usual;
}
