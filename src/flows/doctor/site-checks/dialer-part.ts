import { isLost, rootsOf, wordsOf } from '../../../domain/check-order.ts';
import type { CheckResult, SeenResults } from '../../../domain/connector.ts';
import type { Dialer } from '../../../domain/dialer.ts';
import { ConnectorError, messageOf } from '../../../domain/errors.ts';
import type { DialerView, ViewReader } from '../../../domain/site-view.ts';
import type { SiteRoute } from './across.ts';
import { unknown } from './results.ts';

/** A dialer whose ways can't be seen in this run. */
export interface Away {
  kind: 'away';
  id: string;
  /** Why not: it can't be told. */
  result: CheckResult;
}

/** What a dialer brings to the comparison. */
export interface DialerPart {
  /** Global names of the checks without which its ways can't be read. */
  needs: readonly string[];
  /** Its ways, or why they can't be seen. Read once in a run. */
  tell(seen: SeenResults): Promise<{ kind: 'routes'; routes: SiteRoute[] } | Away>;
}

/** Reads the ways of one dialer, as soon as what they need is right. */
export function createDialerPart(dialer: Dialer): DialerPart {
  const { id, settings } = dialer;
  const reader = dialer.view?.();
  const needs = globalNeeds(id, reader);
  let reading: Promise<DialerView> | undefined;
  return {
    needs,
    async tell(seen) {
      const lost = needs.flatMap((need) => seen(need) ?? []).filter(isLost);
      if (lost.length > 0) return { kind: 'away', id, result: untold(lost, seen) };
      try {
        reading ??= readView(id, reader);
        const { routes } = await reading;
        return { kind: 'routes', routes: routes.map((route) => ({ ...route, dialer: id, settings })) };
      } catch (error) {
        return { kind: 'away', id, result: unreadable(id, error) };
      }
    },
  };
}

/** The checks that a view needs, by global names. */
export function globalNeeds(id: string, reader: ViewReader<unknown> | undefined): string[] {
  return (reader?.needs ?? []).map((need) => (need.includes(':') ? need : `${id}:${need}`));
}

/** Reads what a system holds. */
export async function readView<View>(id: string, reader: ViewReader<View> | undefined): Promise<View> {
  if (reader) return reader.read();
  throw new ConnectorError('bad_request', `${id} does not tell what it holds of the way to the AI`, {
    hint: 'Compare numbers, headers and lines by hand.',
  });
}

/** Can't be told for want of these. */
export function untold(lost: readonly (CheckResult & { id: string })[], seen: SeenResults): CheckResult {
  const causes = rootsOf(lost);
  return { status: 'unknown', found: `can't tell: ${wordsOf(causes, seen)}`, causes };
}

/** A system did not let us read what it holds. */
export function unreadable(id: string, error: unknown): CheckResult {
  const hint = error instanceof ConnectorError ? error.hint : '';
  const why = 'What the systems hold could not be compared.';
  return unknown(`${id}: ${messageOf(error)}`, why, hint || 'See its own checks.');
}

/** What was seen of some dialers stands, beside what could not be seen of the others: it is never ok. */
export function withAway(seen: CheckResult | undefined, away: readonly Away[]): CheckResult {
  const each = (textOf: (result: CheckResult) => string | undefined) =>
    [...new Set(away.flatMap(({ result }) => textOf(result) ?? []))].join('\n');
  if (!seen) {
    const [why, fix] = [each((result) => result.why), each((result) => result.fix)];
    return { status: 'unknown', found: each(({ found }) => found), ...(fix && { why, fix }), causes: causesOf(away) };
  }
  const others = away.map(({ id, result }) => `without ${id}: ${result.found.replace(`${id}: `, '')}`);
  const found = [seen.found, ...others].join('\n');
  if (seen.status !== 'ok') return { ...seen, found };
  const fix = each((result) => result.fix);
  return { ...seen, status: 'unknown', found, ...(fix && { fix }), causes: causesOf(away) };
}

function causesOf(away: readonly Away[]): string[] {
  return [...new Set(away.flatMap(({ result }) => result.causes ?? []))];
}
