import type { Outcome } from '../domain/outcome.ts';
import type { PlatformReading } from '../domain/platform.ts';
import type { Desired, WantedWriteBack } from '../domain/write-back.ts';
import type { TriedOutcome } from '../flows/try-outcome.ts';

/** What `outcome try` prints: rules, outcome, and what each dialer would be told. */
export function reportOf(readings: readonly PlatformReading[], { outcome, dialers }: TriedOutcome): string[] {
  const lines = readings.flatMap(readingLines);
  lines.push(...outcomeLines(outcome));
  for (const { dialer, campaign, writeBacks } of dialers) {
    lines.push(`${dialer}${campaign ? `, campaign ${campaign}` : ''}`);
    if (writeBacks.length === 0) lines.push('  nothing is written');
    for (const wish of writeBacks) lines.push(`  ${wishLine(dialer, wish, outcome)}`);
  }
  return lines;
}

function readingLines({ body, rules, notes }: PlatformReading): string[] {
  const told = 'outcome' in body && body.outcome ? body.outcome : 'no outcome';
  return [
    `${body.kind}: ${told}`,
    ...rules.map(({ rule, outcome, hits, why }) => `  ${hits ? 'hit ' : 'no  '} ${rule} → ${outcome}: ${why}`),
    ...notes.map((note) => `  note ${note}`),
  ];
}

function outcomeLines(outcome: Outcome | null): string[] {
  if (!outcome) return ['outcome: none'];
  const { code, basis, callbackAt, summary, fields, optedOutAt } = outcome;
  const more: [string, string][] = [
    ['callback at', callbackAt ?? ''],
    ['summary', summary],
    ['fields', Object.entries(fields).map(pair).join(', ')],
    ['opted out', optedOutAt ?? ''],
  ];
  return [
    `outcome: ${code} (by ${basis})`,
    ...more.filter(([, text]) => text).map(([name, text]) => `  ${name.padEnd(11)}  ${text}`),
  ];
}

function wishLine(dialer: string, wish: WantedWriteBack, outcome: Outcome | null): string {
  const text = wishText(wish, outcome);
  if (wish.dialer === dialer) return `${wish.desired.aspect.padEnd(11)}  ${text}`;
  return `${'mirrored'.padEnd(11)}  ${text} (${wish.dialer}, campaign ${wish.target.campaign})`;
}

function wishText({ desired, held, notBefore }: WantedWriteBack, outcome: Outcome | null): string {
  if (held) return `held: ${held}`;
  const waitSec = notBefore && outcome ? (Date.parse(notBefore) - Date.parse(outcome.at)) / 1000 : 0;
  return `${valueText(desired)}${waitSec > 0 ? `, ${waitSec} s after the call` : ''}`;
}

/** What a dialer would hold, in words. */
export function valueText(desired: Desired): string {
  switch (desired.aspect) {
    case 'disposition':
      return desired.disposition;
    case 'callback':
      return desired.at ?? 'taken back';
    case 'dnc':
      return `${desired.listed ? 'added' : 'removed'}: every number of the customer`;
    case 'fields':
      return Object.entries(desired.fields).map(pair).join(', ');
  }
}

function pair([name, value]: [string, string]): string {
  return `${name}=${value}`;
}
