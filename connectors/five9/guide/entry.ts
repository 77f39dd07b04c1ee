import type { GuideEntry } from '../../../src/domain/guide.ts';

type Served = Omit<GuideEntry, 'guide' | 'kind' | 'title' | 'checks'> & { checks?: readonly string[] };

/** An entry of SigmaMind's guide for Five9. */
export function entry(kind: GuideEntry['kind'], title: string, { checks = [], ...served }: Served): GuideEntry {
  return { guide: 'Five9', kind, title, checks, ...served };
}

/** Typed by an operator. */
export const commands = {
  applySetup: 'npx patchbay setup --apply',
  callTest: 'npx patchbay call test',
  softphone: 'npx patchbay call test --softphone',
  script: 'npx patchbay <id> script --all --apply',
  audit: 'npx patchbay <id> audit --domain',
} as const;
