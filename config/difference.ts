import type { z } from 'zod';
import { redact } from './redact.ts';
import { renderPath } from './report.ts';
import type { PatchbayConfig } from './schema.ts';

/** One key that two configurations have otherwise. Holds no secret. */
export interface ConfigChange {
  /** `dialers.five9.budgets.registerMs`. */
  path: string;
  /** As JSON; undefined where the key is not there. A secret reads `•••` on both sides. */
  from?: string;
  to?: string;
}

/** What is different, key by key, in the order of the configuration. */
export function differenceOf(from: PatchbayConfig, to: PatchbayConfig, schema: z.core.$ZodType): ConfigChange[] {
  const changes: ConfigChange[] = [];
  compare([], [from, redact(from, schema)], [to, redact(to, schema)], changes);
  return changes;
}

/** What a change means for calls that go on now, and for those who know the old values: worth a second look. */
export function effectsOf(changes: readonly ConfigChange[]): string[] {
  const found = new Set<string>();
  for (const { path, to } of changes) {
    const [section = '', id = '', key = ''] = path.split(/[.[]/);
    const isWhole = path === `${section}.${id}`;
    if (section === 'dialers' && isWhole && to === undefined) {
      found.add(`The dialer ${id} is gone: its scripts hear an error, and what waits for it stays where it is.`);
    } else if (section === 'platforms' && isWhole && to === undefined) {
      found.add(`The platform ${id} is gone: its events and tool calls are refused.`);
    } else if (section === 'platforms' && key !== '') {
      found.add(`${id} changes: see that its webhooks and tools still reach us.`);
    } else if (section === 'clients' && (to === undefined || path.includes('.keys'))) {
      found.add(`The client ${id} changes: who sends an old key hears 401.`);
    } else if (section === 'dialers' && key === 'headers') {
      found.add(`Headers of ${id} change: its scripts and the agent's prompt must read the same names.`);
    } else if (section === 'dialers' && key === 'campaigns') {
      found.add(`Campaigns of ${id} change: calls that have begun keep the mapping that they began with.`);
    }
  }
  return [...found];
}

/** @param from the value, and the same without its secrets */
function compare(
  path: readonly PropertyKey[],
  [from, shownFrom]: [unknown, unknown],
  [to, shownTo]: [unknown, unknown],
  changes: ConfigChange[],
): void {
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  if (isSection(from) && isSection(to)) {
    for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
      compare([...path, key], [from[key], partOf(shownFrom, key)], [to[key], partOf(shownTo, key)], changes);
    }
    return;
  }
  changes.push({
    path: renderPath(path),
    ...(from !== undefined && { from: JSON.stringify(shownFrom) }),
    ...(to !== undefined && { to: JSON.stringify(shownTo) }),
  });
}

/** Lists are compared as a whole: what stands where in them rarely says more. */
function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function partOf(value: unknown, key: string): unknown {
  return isSection(value) ? value[key] : value;
}
