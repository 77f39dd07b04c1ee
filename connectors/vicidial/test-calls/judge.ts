import type { TestCall, TestCallState } from '../../../src/domain/test-call.ts';
import type { TestRecords } from './read-records.ts';
import { whyNotDialling } from './why-waiting.ts';

/** How far a test call has come by VICIdial's tables, in its words. Pure. */
export function judgeTables(call: TestCall, records: TestRecords): TestCallState {
  const { lead, hopper, live, log } = records;
  if (!lead) return { stage: 'over', why: 'the lead is gone', fix: 'Somebody deleted it: begin anew.' };
  if (live) return judgeLive(live.status, records);
  // Before the log: right after another test its row is there still.
  if (hopper) return judgeWaiting(call, records, hopper);
  if (log) return judgeOver(call, records, log.status);
  if (records.isDialled || lead.status === 'PDROP') return judgeOver(call, records, lead.status);
  const taken = `it is not in the hopper any more, and was not dialled: lead status ${lead.status}`;
  if (['DNCL', 'DNCC', 'DNC'].includes(lead.status)) {
    return {
      stage: 'over',
      why: taken,
      fix: 'The number is on a do-not-call list: take another.',
      disposition: lead.status,
    };
  }
  return {
    stage: 'waiting',
    why: taken,
    fix: 'Begin anew; a hopper that was reset is empty (Admin → Campaigns → Force Reset of Hopper).',
  };
}

function judgeLive(status: string, { line }: TestRecords): TestCallState {
  if (['SENT', 'RINGING'].includes(status)) return { stage: 'dialled', why: `the customer's phone rings (${status})` };
  if (line) return { stage: 'handed-over', why: `line ${line} of the remote agent has the call (${status})` };
  return { stage: 'answered', why: `the customer has answered, and VICIdial looks for a free line (${status})` };
}

function judgeWaiting(
  call: TestCall,
  { campaign, noLine }: TestRecords,
  hopper: NonNullable<TestRecords['hopper']>,
): TestCallState {
  const why = `in the hopper of ${call.campaign} (${hopper.status}, priority ${hopper.priority})`;
  const trouble = (campaign && whyNotDialling(campaign)) ?? noLine;
  if (trouble) return { stage: 'waiting', why: `${why}; ${trouble.why}`, fix: trouble.fix };
  const fix = 'When this lasts for more than some seconds: see that AST_VDauto_dial.pl runs on the dialer.';
  return { stage: 'waiting', why, fix };
}

/** By the status that VICIdial gave it first; what it stands at now is its disposition. */
function judgeOver({ campaign }: TestCall, records: TestRecords, status: string): TestCallState {
  const { lead, log, line } = records;
  const disposition = lead?.status ?? '';
  const held = `lead ${disposition}${log ? `, log ${log.status}` : ', no log row'}`;
  const over = (why: string, fix?: string): TestCallState => ({
    stage: 'over',
    why: `${why} (${held})`,
    ...(fix && { fix }),
    disposition,
  });
  const detail = `Admin → Campaigns → ${campaign} → Detail`;
  // A result that was written meanwhile stands in lead and log alike.
  if (line && status !== 'DROP') return over(`line ${line} had the call`);
  switch (status) {
    case 'DROP':
      if (line) {
        return over(
          `line ${line} had the call, and it was over before the remote-agent daemon saw it`,
          'Talk for more than 10 s. If the AI never answered: see the carrier entry and the platform.',
        );
      }
      if (log?.term_reason === 'QUEUETIMEOUT') {
        const seconds = records.campaign?.dropSeconds ?? 0;
        const fix =
          records.noLine?.fix ?? 'Admin → Remote Agents → Number of Lines: more of them, or a lower dial level.';
        return over(`no line was free within ${seconds} s`, `${fix} ${detail} → Drop Call Seconds: 5 or more.`);
      }
      return over('the customer hung up before a line had the call');
    case 'PDROP': {
      const routing = records.campaign?.routingExtension ?? '';
      return over(
        `answered, and never routed: the Routing Extension is ${routing}`,
        `${detail} → Routing Extension: 8368 (8369 with machine detection), never the remote extension.`,
      );
    }
    case 'NA':
    case 'N':
      return over('nobody answered', 'Answer the phone. If it never rang: see the carrier of your customers.');
    case 'B':
    case 'AB':
      return over('the line was busy', 'Free the phone, and begin anew.');
    case 'AA':
    case 'AM':
    case 'AL':
      return over(
        'machine detection took you for a machine',
        `Say hello as soon as you answer, or without detection: ${detail} → Routing Extension: 8368.`,
      );
    default:
      return over(`the call came to nothing${carrierWords(records)}`, carrierFix(records, detail));
  }
}

function carrierWords({ carrier }: TestRecords): string {
  if (!carrier) return '';
  return `: the carrier said ${carrier.dialstatus}${carrier.sip_hangup_cause ? ` ${carrier.sip_hangup_cause}` : ''}`;
}

function carrierFix({ carrier }: TestRecords, detail: string): string {
  const cause = carrier?.sip_hangup_cause ?? '';
  if (['401', '407'].includes(cause))
    return 'The carrier of your customers wants another user or password: Admin → Carriers → Account Entry.';
  if (cause === '404')
    return `The carrier knows no such number: see ${detail} → Dial Prefix, and the phone code of the lead.`;
  return `See ${detail} → Dial Prefix, and that the carrier of your customers is active (Admin → Carriers).`;
}
