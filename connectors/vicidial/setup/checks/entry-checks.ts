import type { Check } from '../../../../src/domain/connector.ts';
import type { Site } from '../site-tables/site.ts';
import type { Entry } from '../site-tables/site-carriers.ts';
import { eachEntry, textOf } from './carrier-checks.ts';
import { type CheckPlan, type CheckRun, type Fault, tableCheck } from './check-of.ts';

const asPrinted = 'as `npx patchbay <id> snippets carrier` prints it';

/** What the entry toward the platform does with a call, line by line. */
export function entryChecks(run: CheckRun): Check[] {
  const check = (
    plan: Omit<CheckPlan, 'looksAt' | 'needs'> & { looksAt?: string; needs?: string[] },
    judge: (entry: Entry) => Fault[],
  ) =>
    tableCheck(
      run,
      {
        looksAt: 'vicidial_server_carriers.dialplan_entry',
        ...plan,
        needs: ['carrier.one-pattern', ...(plan.needs ?? [])],
        byHand: 'Admin → Carriers → the carrier of the platform → Dialplan Entry',
      },
      async (site: Site) => eachEntry(await site.entries(), judge),
    );

  return [
    check(
      {
        id: 'carrier.call-log-first',
        title: 'call_log is the first line',
        why: 'Without it VICIdial never sees the call of this leg, nor its end.',
      },
      (entry) => {
        const { callLogAt } = entry.facts;
        if (callLogAt === 0) return [];
        const found = `${entry.carrier.id}: call_log is ${callLogAt < 0 ? 'missing' : `line ${callLogAt + 1}`}`;
        return [{ found, fix: `${textOf(entry)}: make AGI(agi://127.0.0.1:4577/call_log) the first line.` }];
      },
    ),
    check(
      {
        id: 'carrier.headers-before-dial',
        title: 'Headers are added before Dial',
        why: 'What stands behind Dial runs when the call is over.',
      },
      (entry) => {
        const dialAt = entry.facts.dials[0]?.at ?? Number.POSITIVE_INFINITY;
        const late = entry.facts.headers.filter(({ at }) => at > dialAt).map(({ name }) => name);
        const isLate = late.length > 0 || entry.facts.askedAt > dialAt;
        if (!isLate) return [];
        const found = `${entry.carrier.id}: ${late.join(', ') || 'the question for headers'} stands behind Dial`;
        return [{ found, fix: `${textOf(entry)}: move it up, before Dial.` }];
      },
    ),
    check(
      {
        id: 'carrier.header-names',
        title: 'Headers are called X-…',
        why: 'The platform reads headers that begin with X- and no others; a name that the channel sends itself is sent twice.',
      },
      (entry) =>
        entry.facts.headers
          .filter(({ name }) => !/^X-[A-Za-z0-9_-]+$/i.test(name) && !/^\$\{/.test(name))
          .map(({ name }) => ({
            found: `${entry.carrier.id} adds a header ${name.replace(/[^\x20-\x7e]/g, '?').slice(0, 40)}`,
            fix: `${textOf(entry)}: call it X-${name.replace(/^x[-_]?/i, '').replace(/[^A-Za-z0-9_-]/g, '_')}.`,
          })),
    ),
    check(
      {
        id: 'carrier.set-variables',
        title: 'Variables that are used are set',
        why: 'Without the script that sets them, lead fields are empty: the headers arrive without values.',
      },
      (entry) => {
        const { unset } = entry.facts;
        if (unset.length === 0) return [];
        const fix = `${textOf(entry)}: add AGI(agi-set_variables.agi) as the second line.`;
        return [
          {
            found: `${entry.carrier.id} uses ${unset.map((name) => `\${${name}}`).join(', ')}, which nothing sets`,
            fix,
          },
        ];
      },
    ),
    check(
      {
        id: 'carrier.inherited-headers',
        title: 'Headers of an earlier leg are taken off first',
        why: "Headers stay on the channel: those of the customer's leg would reach the platform too, and with a second try they double.",
      },
      (entry) => {
        const { removesAt, headers, askedAt } = entry.facts;
        const firstAt = Math.min(...headers.map(({ at }) => at), askedAt < 0 ? Number.POSITIVE_INFINITY : askedAt);
        const isOther = entry.carrier.protocol.startsWith('PJSIP') || firstAt === Number.POSITIVE_INFINITY;
        if (isOther || (removesAt >= 0 && removesAt < firstAt)) return [];
        const fix = `${textOf(entry)}: add SIPRemoveHeader(X-) behind call_log.`;
        return [{ found: `${entry.carrier.id} takes no earlier headers off`, fix, isWarning: true }];
      },
    ),
    check(
      {
        id: 'carrier.curl-limits',
        title: 'The question for headers has limits',
        why: 'The customer hears silence meanwhile: without limits for up to three minutes, and the page of an error would become headers.',
      },
      judgeLimits,
    ),
  ];
}

function judgeLimits(entry: Entry): Fault[] {
  const { way, curlOptions, isUnnamed } = entry.facts;
  if (way !== 'curl') return [];
  const missing = ['conntimeout', 'httptimeout'].filter((name) => !curlOptions.includes(name));
  const fix = `${textOf(entry)}: set them ${asPrinted}.`;
  if (missing.length > 0) return [{ found: `${entry.carrier.id} sets no ${missing.join(', ')}`, fix }];
  if (isUnnamed && !curlOptions.includes('failurecodes')) {
    return [{ found: `${entry.carrier.id} sets no failurecodes`, fix, isWarning: true }];
  }
  return [];
}
