import { ConnectorError } from '../../../../src/domain/errors.ts';
import { outcomeCodes } from '../../../../src/domain/outcome-codes.ts';
import { routeOf } from '../../../../src/domain/routes.ts';
import { sharedScreenPop } from '../../../../src/domain/settings.ts';
import type { Five9Config } from '../../config.ts';

/** What a script is judged against. */
export interface AuditContext {
  /** Without a slash at the end. */
  publicUrl: string;
  /** Id of the dialer in the configuration. */
  dialer: string;
  /** How long Patchbay may take for its answer, by endpoint. */
  budgetsMs: { register: number; outcome: number; context: number };
  /** The configured headers in order; `from` tells which one carries the correlation ID. */
  headers: readonly { name: string; from: string }[];
  headerBytes: number;
  screenPop: readonly string[];
  /** Those of every campaign, in the order in which a context answer has them. */
  sharedScreenPop: readonly string[];
  /** Every route that outcome and context answer for the campaign. */
  routes: readonly string[];
  /** What a script does while no outcome is known. */
  safeRoutes: readonly string[];
  /** The outcomes that the campaign has a disposition for. */
  outcomes: readonly string[];
  /** Every outcome that there is, also those without a disposition. */
  knownOutcomes: readonly string[];
  /** Least time for a call with the AI, in seconds. */
  minTransferSec: number;
  /** Whether headers survive on the way to the AI. */
  connection: 'pop' | 'carrier';
  /** Fields of the domain's contacts; null when they were not asked for. */
  contactFields: ReadonlySet<string> | null;
}

/** No shorter: a conversation with the AI is cut when the transfer's time is over. */
const usualTransferSec = 1800;

/**
 * Takes from the configuration what a script must fit.
 *
 * @param campaign its name; empty for everything that any campaign may need
 * @throws ConnectorError `bad_request` when the configuration does not name the campaign
 */
export function auditContext(dialer: string, publicUrl: string, config: Five9Config, campaign = ''): AuditContext {
  const known = Object.keys(config.campaigns);
  if (campaign && !known.includes(campaign) && !known.includes('*')) {
    throw new ConnectorError('bad_request', `the configuration has no campaign "${campaign}"`, {
      hint: `It has ${known.join(', ') || 'none'} under \`dialers.${dialer}.campaigns\`.`,
    });
  }
  const names = campaign ? [campaign] : known;
  const settings = names.flatMap((name) => config.campaigns[name] ?? config.campaigns['*'] ?? []);
  const own = settings.flatMap((each) => [...Object.keys(each.dispositions), ...Object.keys(each.routes)]);
  const safeRoutes = unique(settings.length > 0 ? settings.map(({ safeRoute }) => safeRoute) : ['skill']);
  const outcomes = unique(settings.flatMap((each) => Object.keys(each.dispositions)));
  const knownOutcomes = unique([...outcomeCodes, ...own]);
  const perOutcome = names.flatMap((name) => knownOutcomes.map((code) => routeOf(config, name, code)));
  const maxCalls = settings.flatMap((each) => each.script?.maxCallSec ?? []);
  return {
    publicUrl,
    dialer,
    budgetsMs: {
      register: config.budgets.registerMs,
      outcome: config.budgets.outcomeMs,
      context: config.budgets.contextMs,
    },
    headers: config.headers,
    headerBytes: config.headerBudget.bytes,
    screenPop: unique(settings.flatMap(({ screenPop }) => screenPop)),
    sharedScreenPop: sharedScreenPop(config),
    routes: unique([...safeRoutes, ...perOutcome]),
    safeRoutes,
    outcomes,
    knownOutcomes,
    minTransferSec: maxCalls.length > 0 ? Math.min(...maxCalls) : usualTransferSec,
    connection: settings.length > 0 && settings.every(({ connection }) => connection === 'carrier') ? 'carrier' : 'pop',
    contactFields: null,
  };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
