import type { Check } from '../../../../src/domain/connector.ts';
import type { VicidialConfig } from '../../config.ts';
import type { CountRow, HandedCallRow } from '../site-tables/rows.ts';
import type { Site } from '../site-tables/site.ts';
import { field, linesOf } from './campaign-checks.ts';
import { type CheckPlan, type CheckRun, type Fault, type Findings, tableCheck } from './check-of.ts';
import { machineChecks } from './machine-checks.ts';
import {
  answerTimes,
  clusterOf,
  isAnswered,
  judgeDrops,
  machineStatuses,
  middleOf,
  slowAnswerSec,
} from './read-traffic.ts';

const carrierLog = 'vicidial_carrier_log.sip_hangup_cause, dialstatus of calls that went to lines in the last day';
const byHand = 'Admin → Reports → the carrier log report';

/** So many of the newest calls are judged: what was mended is soon out of sight. */
const judged = 100;
const fewCalls = 3;
/** A share that chance does not make. */
const share = 0.05;
const shortSec = 10;

/** What the logs of the last days say of calls that were tried. Counts only: nobody is named. */
export function trafficChecks(run: CheckRun): Check[] {
  const calls = (
    plan: Omit<CheckPlan, 'looksAt'> & { looksAt?: string },
    judge: (newest: readonly HandedCallRow[]) => Fault[],
  ) =>
    tableCheck(run, { looksAt: carrierLog, ...plan, byHand }, async (site) => {
      const newest = (await site.handedCalls()).slice(0, judged);
      const logged = newest.filter(({ dialstatus }) => dialstatus !== '').length;
      if (newest.length > 0 && logged === 0) {
        return {
          found: `none of ${newest.length} AI calls of the last day stands in the carrier log`,
          isUnknown: true,
          fix: `Look at Admin → Servers → each dialer → Carrier Logging Active: Y, and yourself at ${byHand}.`,
        };
      }
      const seen = `nothing among ${newest.length} AI calls of the last day, ${logged} of them in the carrier log`;
      return { found: newest.length > 0 ? seen : 'no AI call in the last day', faults: judge(newest) };
    });

  return [
    calls(
      {
        id: 'sip.unauthorised',
        title: 'No call is refused for want of a log-in (401, 403, 407)',
        why: 'The server asks for a user and password, or does not take those it got.',
      },
      (newest) => {
        const codes = [401, 403, 407];
        const fix =
          'Admin → Carriers → the carrier of the platform → Account Entry: its SIP server takes calls without a log-in, so leave username and secret out; look that host is that server, and no provider in between.';
        return judgeCodes(newest, (cause) => codes.includes(cause), 'were refused with 401, 403 or 407', fix);
      },
    ),
    calls(
      {
        id: 'sip.not-found',
        title: 'No call ends because the number is not known (404)',
        why: 'The platform does not know the number that is dialled: it is not registered there, or without an agent.',
      },
      (newest) => {
        const fix =
          'Register the number that the carrier dials at the platform, with its agent; and look that what is left of EXTEN is exactly that number.';
        return judgeCodes(newest, (cause) => cause === 404 || cause === 604, 'ended with 404', fix);
      },
    ),
    calls(
      {
        id: 'sip.refused',
        title: 'The platform takes the calls',
        why: 'Customers who answered heard nobody.',
      },
      (newest) => {
        const told = [401, 403, 404, 407, 604];
        const isOther = ({ sip_hangup_cause: cause, dialstatus }: HandedCallRow) =>
          !told.includes(cause) &&
          (cause >= 400 || ['CHANUNAVAIL', 'CONGESTION', 'BUSY', 'NOANSWER'].includes(dialstatus));
        const hit = newest.filter(isOther);
        if (!isCluster(hit.length, newest.length)) return [];
        const codes = [
          ...new Set(hit.map(({ sip_hangup_cause: cause, dialstatus }) => (cause >= 400 ? String(cause) : dialstatus))),
        ];
        const fix =
          'Look whether the SIP server answers (patchbay and platform checks), whether lines outnumber what the platform takes at once (486, 503), and whether a firewall cuts off SIP (408, CHANUNAVAIL).';
        return [
          {
            found: `${hit.length} of the newest ${newest.length} AI calls were not taken (${codes.join(', ')})`,
            fix,
            isWarning: true,
          },
        ];
      },
    ),
    calls(
      {
        id: 'sip.one-way-audio',
        title: 'Calls do not end after a few seconds of silence',
        looksAt: 'vicidial_log.length_in_sec of answered calls that went to lines in the last day',
        why: 'Where one side hears nothing, people hang up at once: as a rule media ports that a firewall closes.',
      },
      (newest) => {
        const answered = newest.filter(isAnswered);
        const short = answered.filter(({ length_in_sec }) => length_in_sec <= shortSec).length;
        if (answered.length < 10 || short < answered.length * 0.5) return [];
        const found = `${short} of ${answered.length} answered AI calls ended within ${shortSec} s; that may be one-way audio, or an agent that does not speak: listen to a recording of each side`;
        const fix =
          'Open the media ports (UDP 10000 to 20000 on the dialer) toward the platform; Account Entry: directmedia=no (PJSIP: direct_media=no); behind NAT externip and localnet in sip.conf.';
        return [{ found, fix, isWarning: true }];
      },
    ),
    calls(
      {
        id: 'sip.drops',
        title: 'Calls are not cut after the same few seconds',
        looksAt: 'vicidial_log.length_in_sec of answered calls that went to lines in the last day',
        why: 'People hang up at any time. What ends after the same seconds was cut: by NAT, which loses the ACK (some 32 s), or by a session timer.',
      },
      (newest) => {
        const cluster = clusterOf(newest.filter(isAnswered).map(({ length_in_sec }) => length_in_sec));
        if (!cluster) return [];
        const found = `${cluster.count} of ${cluster.of} answered AI calls ended after ${cluster.fromSec} to ${cluster.toSec} s`;
        const fix =
          'Account Entry: nat=force_rport,comedia and session-timers=refuse (PJSIP: rtp_symmetric, force_rport, rewrite_contact=yes, timers=no); behind NAT externip in sip.conf; switch SIP ALG off in the router.';
        return [{ found, fix, isWarning: true }];
      },
    ),
    calls(
      {
        id: 'calls.answer-time',
        title: 'The AI answers at once',
        looksAt: 'vicidial_carrier_log.dial_time less answered_time',
        why: 'The customer hears ringing meanwhile, and hangs up.',
      },
      (newest) => {
        const waits = answerTimes(newest);
        const middle = middleOf(waits);
        if (waits.length < 5 || middle <= slowAnswerSec) return [];
        const fix =
          'Look at the agent at the platform: what it does before it speaks. Dial without r and m in its options, so that no ring-back is made.';
        return [{ found: `the AI answers after ${middle} s (middle of ${waits.length} calls)`, fix, isWarning: true }];
      },
    ),
    tableCheck(
      run,
      {
        id: 'calls.drop-rate',
        title: 'No more than 3 in 100 answered calls are dropped',
        looksAt: 'vicidial_log.status DROP and PDROP of the last three days, over answered calls',
        needs: ['campaign.there'],
        why: 'An answered call that finds no line is an abandoned one: the law allows 3 % of a campaign.',
        byHand: 'Admin → Reports → Real-Time: Dropped and its percentage',
      },
      (site) => lookAtDrops(run.vicidial.config, site),
    ),
    tableCheck(
      run,
      {
        id: 'calls.before-routing',
        title: 'Answered calls reach the routing',
        looksAt: 'vicidial_log.status PDROP of the last day',
        needs: ['campaign.there'],
        why: 'PDROP is a customer who answered and never got to the search for a line: nobody spoke to them.',
        byHand: 'Admin → Reports → the outbound calling report: status PDROP',
      },
      async (site) => {
        const { rows } = await site.traffic.callsByStatus(1);
        const faults = (await site.campaigns()).flatMap(({ campaign_id }) => judgeBeforeRouting(rows, campaign_id));
        return { found: 'no cluster of PDROP', faults };
      },
    ),
    ...machineChecks(run),
  ];
}

function isCluster(count: number, of: number): boolean {
  return count >= fewCalls && count >= of * share;
}

function judgeCodes(
  newest: readonly HandedCallRow[],
  isMeant: (cause: number) => boolean,
  what: string,
  fix: string,
): Fault[] {
  const count = newest.filter(({ sip_hangup_cause }) => isMeant(sip_hangup_cause)).length;
  if (!isCluster(count, newest.length)) return [];
  return [{ found: `${count} of the newest ${newest.length} AI calls ${what}`, fix, isWarning: true }];
}

async function lookAtDrops(config: VicidialConfig, site: Site): Promise<Findings> {
  const [{ rows, hours }, handed, known] = await Promise.all([
    site.traffic.callsByStatus(3),
    site.handedCalls(),
    site.statuses(),
  ]);
  const found: string[] = [];
  const faults: Fault[] = [];
  for (const { campaign_id, dial_method, auto_dial_level: level } of await site.campaigns()) {
    const machines = machineStatuses(config, known, campaign_id);
    const own = rows.filter((row) => row.campaign_id === campaign_id);
    const { dropped, answered, percent } = judgeDrops(own, machines);
    const said = `${campaign_id}: ${dropped} of ${answered} answered calls of ${hours} h (${percent.toFixed(1)} %)`;
    found.push(said);
    if (answered < 30 || percent <= 3) continue;
    const lines = await linesOf(site, campaign_id);
    const lower = lowerLevel(campaign_id, dial_method, level);
    const more = `Admin → Remote Agents → Number of Lines: more than ${lines}, as far as the platform takes them`;
    // VICIdial counts these too, though the AI had answered them.
    const had = handed.filter((call) => call.campaign_id === campaign_id && call.status === 'DROP').length;
    const note = had > 0 ? `; ${had} of the last day had a line, and ended before VICIdial noticed it` : '';
    faults.push({ found: said + note, fix: [lower, more].filter(Boolean).join('; or ') });
  }
  return { found: found.join('; ') || 'no campaign is configured', faults };
}

/** The ADAPT methods set the level by themselves, within limits. */
function lowerLevel(campaign: string, method: string, level: number): string {
  if (/ADAPT/.test(method))
    return field(campaign, 'Drop Percentage Limit', '3 or less, and a lower Maximum Adapt Dial Level');
  return level > 1 ? field(campaign, 'Auto Dial Level', `${Math.max(1, level - 0.5)} or less`) : '';
}

function judgeBeforeRouting(rows: readonly CountRow[], campaign: string): Fault[] {
  const own = rows.filter((row) => row.campaign_id === campaign);
  const lost = own.filter(({ status }) => status === 'PDROP').reduce((sum, { calls }) => sum + calls, 0);
  const { answered } = judgeDrops(own);
  if (lost < fewCalls || lost < answered / 10) return [];
  const fix = `${field(campaign, 'Routing Extension', '8368 or 8369')}; if it is that, look that the FastAGI log process runs on the dialer.`;
  return [
    { found: `${lost} of ${answered} answered calls of ${campaign} never reached the routing`, fix, isWarning: true },
  ];
}
