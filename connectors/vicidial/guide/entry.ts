import type { GuideEntry } from '../../../src/domain/guide.ts';

type Served = Omit<GuideEntry, 'guide' | 'kind' | 'title' | 'checks'> & { checks?: readonly string[] };

/** An entry of SigmaMind's guide for VICIdial. */
export function entry(kind: GuideEntry['kind'], title: string, { checks = [], ...served }: Served): GuideEntry {
  return { guide: 'Vicidial Integration Guide', kind, title, checks, ...served };
}

/** Typed by an operator. */
export const commands = {
  setup: 'npx patchbay setup',
  applySetup: 'npx patchbay setup --apply',
  doctor: 'npx patchbay doctor',
  callTest: 'npx patchbay call test',
  softphone: 'npx patchbay call test --softphone',
  snippets: 'npx patchbay <id> snippets',
  lines: 'npx patchbay <id> lines <user> up',
  show: 'npx patchbay <id> show <lead>',
  push: 'npx patchbay <id> push <lead>',
  resetList: 'npx patchbay <id> reset-list <list> --yes',
  calls: 'npx patchbay calls show',
} as const;
