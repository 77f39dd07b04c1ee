import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../../src/domain/errors.ts';
import type { Vicidial } from '../../vicidial.ts';
import type { Site } from '../site-tables/site.ts';

/** What the checks of one run share. */
export interface CheckRun {
  vicidial: Vicidial;
  /** Null where there is no access to the tables. */
  site: Site | null;
}

/** One thing that is wrong, with its remedy. */
export interface Fault {
  found: string;
  /** Menu path, field, value. */
  fix: string;
  isWarning?: boolean;
}

/** `found` is said when nothing is wrong. */
export interface Findings {
  found: string;
  faults?: readonly Fault[];
  /** It could not be looked at. */
  isUnknown?: boolean;
  fix?: string;
}

export interface CheckPlan {
  id: string;
  title: string;
  looksAt: string;
  needs?: readonly string[];
  /** Why it matters. */
  why: string;
}

/** A check that never throws: what can't be looked at is unknown. */
export function checkOf(plan: CheckPlan, look: () => Promise<Findings>): Check {
  const { id, title, looksAt, needs = [], why } = plan;
  const run = async (): Promise<CheckResult> => {
    try {
      return resultOf(await look(), why);
    } catch (thrown) {
      const fix = thrown instanceof ConnectorError && thrown.hint ? thrown.hint : 'See the log.';
      return { status: 'unknown', found: messageOf(thrown), why, fix };
    }
  };
  return { id, title, looksAt, needs, run };
}

/**
 * A check of what only the tables tell. `byHand`: where an admin without access to them looks. `reads`: columns that not
 * every release has, or every grant; without them the check can't tell.
 */
export function tableCheck(
  { site }: CheckRun,
  plan: CheckPlan & { byHand: string; reads?: readonly string[] },
  look: (site: Site) => Promise<Findings>,
): Check {
  const needs = ['database.reachable', ...(plan.needs ?? [])];
  return checkOf({ ...plan, needs }, async () => {
    const unseen = site ? await unseenOf(site, plan.reads ?? []) : [];
    if (unseen.length > 0) {
      return {
        found: `${unseen.join(', ')} can't be read: the release lacks it, or the grant leaves it out`,
        isUnknown: true,
        fix: `See database.tables, or look yourself: ${plan.byHand}.`,
      };
    }
    if (site) return await look(site);
    return {
      found: 'without access to the tables nobody can tell',
      isUnknown: true,
      fix: `Configure \`database\`, or look yourself: ${plan.byHand}.`,
    };
  });
}

/** Those of these columns (`table.column`) that our user does not see. */
export async function unseenOf(site: Site, columns: readonly string[]): Promise<string[]> {
  if (columns.length === 0) return [];
  const seen = await site.columns();
  return columns.filter((each) => {
    const [table = '', column = ''] = each.split('.');
    return seen.has(table) && !seen.get(table)?.has(column.toLowerCase());
  });
}

function resultOf({ found, faults = [], isUnknown, fix = '' }: Findings, why: string): CheckResult {
  if (isUnknown) return { status: 'unknown', found, why, fix };
  if (faults.length === 0) return { status: 'ok', found };
  return {
    status: faults.every(({ isWarning }) => isWarning) ? 'warn' : 'fail',
    found: listed(
      faults.map((fault) => fault.found),
      '; ',
    ),
    why,
    fix: listed(
      faults.map((fault) => fault.fix),
      ' ',
    ),
  };
}

const mostNamed = 5;

/** Each once; of very many the first few. */
function listed(texts: readonly string[], between: string): string {
  const each = [...new Set(texts)];
  const more = each.length - mostNamed;
  return each.slice(0, mostNamed).join(between) + (more > 0 ? `${between}… and ${more} more` : '');
}
