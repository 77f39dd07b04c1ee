import type { CheckResult } from '../../../domain/connector.ts';
import { fitHeaders, type SipHeader, variableOfHeader } from '../../../domain/sip-headers.ts';
import type { SiteRoute, SiteView } from './across.ts';
import { type Fault, faulty, ok } from './results.ts';

/** What is sent over UDP beyond this makes an INVITE larger than a packet takes. */
const mostUdpBytes = 300;

/** A lead whose values are as long as real ones get. Nobody is called so. */
const longLead: Readonly<Record<string, string>> = {
  first_name: 'Maximiliana-Josephine',
  last_name: 'Featherstonehaugh-Smythe',
  middle_initial: 'W',
  title: 'Professor',
  address1: '12345 Northwest Saint Augustine Boulevard',
  address2: 'Building 12, Apartment 1204',
  city: 'Rancho Santa Margarita',
  state: 'California',
  province: 'Newfoundland and Labrador',
  postal_code: '92688-1234',
  country: 'United States',
  email: 'maximiliana.featherstonehaugh@mail.example.com',
  date_of_birth: '1990-12-31',
  comments: 'Asked to be called after the holidays, when the offer of the autumn is known',
};
const anyValue = 'a value that is forty characters in all..';

/** Tries the configured headers with long values, and shows what the prompt would see. */
export function judgeBudget(view: SiteView & { active: readonly SiteRoute[] }): CheckResult {
  const lost: Fault[] = [];
  const tight: Fault[] = [];
  const shown: string[] = [];
  for (const route of onePerWay(view.active)) {
    const { headerBudget: budget, headers: wanted } = route.settings;
    const values: SipHeader[] = wanted.map(({ name, from }) => [name, sampleOf(from, route)]);
    const { headers: kept, dropped } = fitHeaders(values, budget);
    const besides = madeByDialer(route);
    const used = bytesOf(kept);
    const inAll = used + bytesOf(besides);
    const where = `${route.dialer} ${route.campaign} over ${route.transport}`;
    const more = besides.length > 0 ? `; ${inAll} with what the dialer adds by itself` : '';
    shown.push(`${where}: ${kept.length} of ${wanted.length} headers, ${used} of ${budget.bytes} bytes${more}`);
    shown.push(...previewOf([...kept, ...besides], dropped));

    const keys = `\`dialers.${route.dialer}.headers\``;
    if (dropped.length > 0) {
      const correlation = wanted.find(({ from }) => from === 'correlation_id')?.name;
      const fault = {
        found: `${where}: ${dropped.join(', ')} would be dropped`,
        fix: `Put what matters most first in ${keys}, take out what the prompt does not need, or raise \`dialers.${route.dialer}.headerBudget\`${route.transport === 'udp' ? ' (over UDP no further than 300 bytes)' : ''}.`,
      };
      (correlation && dropped.includes(correlation) ? lost : tight).push(fault);
    }
    if (route.transport === 'udp' && budget.bytes > mostUdpBytes) {
      tight.push({
        found: `${where}: ${budget.bytes} bytes are allowed`,
        fix: `Set \`dialers.${route.dialer}.headerBudget.bytes\` to ${mostUdpBytes}, or send the calls over TCP or TLS.`,
      });
    } else if (route.transport === 'udp' && inAll > mostUdpBytes) {
      tight.push({
        found: `${where}: ${inAll} bytes with ${besides.map(([name]) => name).join(', ')}, which the dialer adds by itself`,
        fix: `Set \`dialers.${route.dialer}.headerBudget.bytes\` to ${mostUdpBytes - bytesOf(besides)}, or send the calls over TCP or TLS.`,
      });
    }
  }
  const why =
    'Larger INVITEs are cut up over UDP, and some networks lose the parts: the call fails, or comes without headers.';
  const preview = shown.join('\n');
  if (lost.length > 0)
    return withPreview(
      faulty('fail', [...lost, ...tight], 'Without the correlation ID no outcome finds its call.'),
      preview,
    );
  if (tight.length > 0) return withPreview(faulty('warn', tight, why), preview);
  return ok(preview);
}

/** Headers that the dialer sends besides those that are configured, whatever Patchbay answers. */
function madeByDialer(route: SiteRoute): SipHeader[] {
  const configured = new Set(route.settings.headers.map(({ name }) => name.toLowerCase()));
  return (route.headers ?? [])
    .filter((name) => !configured.has(name.toLowerCase()))
    .map((name) => [name, sampleOf(variableOfHeader(name), route)]);
}

function bytesOf(headers: readonly SipHeader[]): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value) + 4, 0);
}

function withPreview(result: CheckResult, preview: string): CheckResult {
  return { ...result, found: `${result.found}\n${preview}` };
}

/** Campaigns of one dialer that differ in nothing here but where they are entered. */
function onePerWay(routes: readonly SiteRoute[]): SiteRoute[] {
  const seen = new Map(routes.map((route) => [`${route.dialer} ${route.campaign} ${route.transport}`, route]));
  return [...seen.values()];
}

function previewOf(kept: readonly SipHeader[], dropped: readonly string[]): string[] {
  const rows = [
    ...kept.map(([name, value]) => [name, `{{${variableOfHeader(name)}}}`, value]),
    ...dropped.map((name) => [name, `{{${variableOfHeader(name)}}}`, '(dropped: empty)']),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0), 0));
  return rows.map(
    ([name = '', variable = '', value]) =>
      `  ${name.padEnd(widths[0] ?? 0)}  ${variable.padEnd(widths[1] ?? 0)}  ${value}`,
  );
}

function sampleOf(from: string, { campaign, dialer }: SiteRoute): string {
  const known: Readonly<Record<string, string>> = {
    correlation_id: '0123456789abcd',
    caller_code: 'V1121202745001234567',
    call_id: '30000000000012345678',
    lead_id: '1234567890',
    campaign,
    list: '1234567890',
    phone: '+15550100123',
    dialer,
  };
  return known[from] ?? longLead[from] ?? anyValue;
}
