import type { CheckResult } from '../../../domain/connector.ts';
import { variableOfHeader } from '../../../domain/sip-headers.ts';
import { agentOf, nameOf, type SiteRoute, type SiteView } from './across.ts';
import { type Fault, faulty, ok, unknown } from './results.ts';

type ActiveView = SiteView & { active: readonly SiteRoute[] };

/** What a dialplan of ours may send by itself, besides what is configured: Patchbay knows a call again by it. */
const ownNames = new Set(['correlation_id', 'caller_code', 'call_id', 'lead_id']);

/** What is entered in the dialer must be what is configured: the values are made by the configuration. */
export function judgeEntered(view: ActiveView): CheckResult {
  const missing: Fault[] = [];
  const odd: Fault[] = [];
  for (const route of view.active) {
    if (!route.headers) continue;
    const wanted = configured(route);
    const absent = wanted.filter((name) => !includes(route.headers ?? [], name));
    const strange = route.headers.filter((name) => !includes(wanted, name) && !ownNames.has(variableOfHeader(name)));
    if (absent.length > 0) {
      missing.push({
        found: `${nameOf(route)} does not send ${absent.join(', ')}`,
        fix: `Enter ${absent.join(', ')} in ${route.dialer} as the runbook of \`npx patchbay setup\` shows it, or take them out of \`dialers.${route.dialer}.headers\`.`,
      });
    }
    if (strange.length > 0) {
      odd.push({
        found: `${nameOf(route)} sends ${strange.join(', ')}, which is not configured`,
        fix: `Add ${strange.join(', ')} to \`dialers.${route.dialer}.headers\`, or take them out of ${route.dialer}.`,
      });
    }
  }
  if (missing.length > 0)
    return faulty('fail', [...missing, ...odd], 'The agent speaks without knowing what they would tell it.');
  if (odd.length > 0) return faulty('warn', odd, 'Patchbay fills no such header: it is empty, or of unknown origin.');

  const untold = view.active.filter(({ headers }) => !headers);
  if (untold.length > 0) {
    return unknown(
      `what headers are sent can not be told of ${untold.map(nameOf).join('; ')}`,
      'A header that is not entered never reaches the agent.',
      `Compare with ${[...new Set(untold.flatMap(configured))].join(', ')} by hand; \`npx patchbay call test\` shows what arrives.`,
    );
  }
  return ok(view.active.map((route) => `${nameOf(route)}: ${configured(route).join(', ') || 'none'}`).join('\n'));
}

/**
 * A header that no prompt uses is lost on the way; without the correlation ID no outcome finds its call. By what is
 * configured: whether that is entered in the dialer, another check sees.
 */
export function judgeSent(view: ActiveView): CheckResult {
  const lost: Fault[] = [];
  const unused: Fault[] = [];
  for (const route of view.active) {
    const agent = agentOf(route, view);
    if (!agent) continue;
    const name = agent.name || agent.agentId;
    const keys = `\`dialers.${route.dialer}.headers\``;
    const used = new Set(agent.variables.map(plain));
    const correlation = route.settings.headers.find(({ from }) => from === 'correlation_id')?.name;
    if (!correlation) {
      lost.push({
        found: `${keys} has no header with the correlation ID`,
        fix: `Put \`{ name: X-correlation_id, from: correlation_id }\` first into ${keys}, and enter it in the dialer too.`,
      });
    } else if (!used.has(variableOfHeader(correlation))) {
      lost.push({
        found: `${name} does not use ${inBraces([correlation])}`,
        fix: `Write ${inBraces([correlation])} into the prompt of ${name} at ${agent.platform}, and publish it.`,
      });
    }
    const idle = configured(route).filter((header) => header !== correlation && !used.has(variableOfHeader(header)));
    if (idle.length === 0) continue;
    unused.push({
      found: `${name} does not use ${inBraces(idle)}, which ${nameOf(route)} sends`,
      fix: `Use it in the prompt of ${name} at ${agent.platform}, or take ${idle.join(', ')} out of ${keys}.`,
    });
  }
  if (lost.length > 0) {
    const why = 'Without it in use the platform does not hand it back, and outcomes are matched by guess.';
    return faulty('fail', dedupe([...lost, ...unused]), why);
  }
  if (unused.length > 0) {
    const why = 'What the prompt does not name, the agent never sees; it only takes up room on the way.';
    return faulty('warn', dedupe(unused), why);
  }
  return ok(view.active.map((route) => `${nameOf(route)}: ${inBraces(configured(route))}`).join('\n'));
}

/** A variable that nothing fills is spoken as silence. */
export function judgeUsed(view: ActiveView): CheckResult {
  const faults: Fault[] = [];
  for (const agent of view.agents) {
    const routes = view.active.filter((route) => agentOf(route, view) === agent);
    if (routes.length === 0) continue;
    // The question about a call that comes in is answered with the configured names, whatever the dialer enters.
    const brought = new Set(
      routes.flatMap((route) => [...(route.headers ?? []), ...configured(route)]).map(variableOfHeader),
    );
    const empty = agent.variables.filter((variable) => !brought.has(plain(variable)));
    if (empty.length === 0) continue;
    const dialers = [...new Set(routes.map(({ dialer }) => `\`dialers.${dialer}.headers\``))].join(' and ');
    faults.push({
      found: `${agent.name || agent.agentId} uses ${empty.map((name) => `{{${name}}}`).join(', ')}, and no header of ${routes.map(nameOf).join('; ')} brings it`,
      fix: `Add ${empty.map((name) => `X-${plain(name)}`).join(', ')} to ${dialers} and to the dialer, correct the name in the prompt, or fill it otherwise in the conversation.`,
    });
  }
  if (faults.length > 0)
    return faulty('warn', faults, 'A variable that nothing fills is empty: the agent speaks a gap.');
  return ok('every variable has a header');
}

/** Header names as a prompt names them. */
function inBraces(headers: readonly string[]): string {
  return headers.map((header) => `{{${variableOfHeader(header)}}}`).join(', ');
}

function configured({ settings }: SiteRoute): string[] {
  return settings.headers.map(({ name }) => name);
}

function includes(names: readonly string[], name: string): boolean {
  return names.some((other) => other.toLowerCase() === name.toLowerCase());
}

function plain(variable: string): string {
  return variable.trim().toLowerCase().replaceAll('-', '_');
}

function dedupe(faults: readonly Fault[]): Fault[] {
  return faults.filter(({ found }, index) => faults.findIndex((other) => other.found === found) === index);
}
