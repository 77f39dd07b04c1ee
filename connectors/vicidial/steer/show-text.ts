import type { ShownCall } from './show-patchbay.ts';
import type { ShownLead } from './show-vicidial.ts';

export interface Shown {
  patchbay: readonly ShownCall[];
  vicidial: readonly ShownLead[];
  /** What VICIdial can't be asked, in words. */
  unknown: readonly string[];
}

/** Both sides for a terminal. */
export function showText({ patchbay, vicidial, unknown }: Shown): string[] {
  const lines = ['Patchbay', ...patchbay.flatMap(callLines)];
  if (patchbay.length === 0) lines.push('  no call');
  lines.push('', 'VICIdial', ...vicidial.flatMap(leadLines));
  if (vicidial.length === 0) lines.push('  no lead');
  return [...lines, ...unknown.map((gap) => `  can't be told: ${gap}`)];
}

function callLines(call: ShownCall): string[] {
  const outcome = call.outcome ? `${call.outcome} (${call.basis})` : 'none yet';
  return [
    `  call ${call.correlationId}  ${call.registeredAt}  lead ${call.leadId || '?'}  ${call.dialer} ${call.campaign}  ${call.phone}`,
    `    outcome  ${outcome}${call.summary ? `: ${call.summary}` : ''}`,
    ...table(
      'names',
      call.names.map((name) => [name]),
    ),
    ...table(
      'recorded',
      call.recordings.map(({ source, url }) => [source, url]),
    ),
    ...table(
      'facts',
      call.facts.map(({ at, source, what }) => [at, source, what]),
    ),
    ...table(
      'to write',
      call.writeBacks.map((row) => [
        row.state,
        `${row.dialer} ${row.aspect} r${row.revision}`,
        row.value,
        [row.why, row.hint].filter(Boolean).join(' → '),
      ]),
    ),
  ];
}

function leadLines(shown: ShownLead): string[] {
  const { leadId, lead } = shown;
  if (!lead) return [`  lead ${leadId} is not in vicidial_list`];
  const dnc = shown.dnc === null ? 'unknown' : shown.dnc.join(' ') || 'on none';
  return [
    `  lead ${leadId}  status ${lead.status}  user ${lead.user || '-'}  list ${lead.list_id}  campaign ${lead.campaign_id || '-'}`,
    `    name     ${[lead.first_name, lead.last_name].filter(Boolean).join(' ') || '-'}`,
    `    number   ${[lead.phone_number, lead.alt_phone].filter(Boolean).join('  ')}`,
    `    called   ${lead.called_count || 0} times, last ${lead.last_local_call_time || 'never'}`,
    `    hopper   ${shown.inHopper === null ? 'unknown' : shown.inHopper ? 'waits there' : 'no'}`,
    `    DNC      ${dnc}`,
    ...table(
      'live',
      shown.live.map(({ code, campaign, line }) => [code, campaign, `line ${line || '-'}`]),
    ),
    ...table(
      'callback',
      (shown.callbacks ?? []).map(({ at, campaign, status, user }) => [at, status, campaign, user]),
    ),
    ...table(
      'log',
      shown.logs.map((row) => [
        row.at,
        row.status,
        row.campaign,
        `user ${row.user || '-'}`,
        `${row.seconds || 0} s`,
        row.reason,
        row.code || row.uniqueid,
      ]),
    ),
    ...table(
      'to line',
      shown.handOvers.map(({ at, line, campaign, code }) => [at, `line ${line}`, campaign, code]),
    ),
  ];
}

/** Rows below each other, the name before the first, columns as wide as their widest cell. */
function table(name: string, rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row, index) => {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
    return `    ${(index === 0 ? name : '').padEnd(8)} ${cells}`.trimEnd();
  });
}
