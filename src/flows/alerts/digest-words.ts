import type { Digest, DigestScore } from '../../domain/letter.ts';
import { shareOf, shareWords } from '../../domain/shares.ts';
import { shortTime } from '../../domain/short-time.ts';

/** A part of the digest under its own title. */
export interface DigestPart {
  title: string;
  lines: readonly string[];
}

const pausedWords = { all: 'paused', some: 'some of it paused' } as const;

/** The digest as people read it, whatever carries it. */
export function digestParts(digest: Digest, { timeZone }: { timeZone: string }): DigestPart[] {
  const { day, score, before, campaigns, otherCampaigns, alerts, needs, backlog } = digest;
  const clock = { zone: timeZone, now: `${day}T00:00:00.000Z` };
  const when = (at: string) => shortTime(at, clock);
  return [
    { title: `Calls of ${day}`, lines: scoreLines(score, before, digest.currency) },
    {
      title: 'By campaign',
      lines: [
        ...campaigns.map((each) => `${each.campaign || '–'} (${each.dialer}): ${shortScore(each)}`),
        ...(otherCampaigns > 0 ? [`… and ${otherCampaigns} more`] : []),
      ],
    },
    { title: 'Opt-outs', lines: optOutLines(digest, when) },
    {
      title: 'Open now',
      lines: [
        ...alerts.map(
          ({ level, words, since }) => `${level === 'urgent' ? 'Urgent: ' : ''}${words}, since ${when(since)}`,
        ),
        ...needs,
        ...(alerts.length + needs.length === 0 ? ['Nothing: nobody needs to act.'] : []),
      ],
    },
    {
      title: 'Waiting for dialers',
      lines: [
        ...backlog.map(({ dialer, aspect, waiting, submitted, throughAt, paused }) => {
          const known = throughAt ? `through ${when(throughAt)}` : 'end not in sight';
          const end = paused ? pausedWords[paused] : known;
          return `${dialer}, ${aspect}: ${number(waiting + submitted)}, ${waiting === 0 ? 'to be confirmed' : end}`;
        }),
        ...(backlog.length === 0 ? ['Nothing waits.'] : []),
      ],
    },
  ].filter(({ lines }) => lines.length > 0);
}

function scoreLines(score: DigestScore, before: DigestScore | null, currency: string): string[] {
  const { calls, contacts, qualified, transfers, aiMinutes, cost } = score;
  if (calls === 0) return ['No call was registered.'];
  const change = (now: number, then: number | undefined) =>
    then === undefined ? '' : ` (${now >= then ? '+' : '−'}${number(Math.abs(now - then))} against the day before)`;
  return [
    `${number(calls)} calls${change(calls, before?.calls)}`,
    `${number(contacts)} contacts, ${shareWords(shareOf(contacts, calls))}`,
    `${number(qualified)} qualified, ${shareWords(shareOf(qualified, contacts))} of contacts${change(qualified, before?.qualified)}`,
    `${number(transfers)} handed to people`,
    `${number(Math.round(aiMinutes))} minutes of the AI${cost === null ? '' : `, ${cost.toFixed(2)} ${currency}`}`,
  ];
}

function shortScore({ calls, contacts, qualified, optOuts }: DigestScore): string {
  return `${number(calls)} calls, ${number(contacts)} contacts, ${number(qualified)} qualified, ${number(optOuts)} opt-outs`;
}

function optOutLines({ optOuts }: Digest, when: (at: string) => string): string[] {
  const { told, dialers, open, overdue, oldestAt } = optOuts;
  return [
    `${number(told)} told`,
    ...dialers.map(({ dialer, held, medianSec, longestSec }) =>
      held === 0
        ? `${dialer} holds none of them yet`
        : `${dialer} holds ${number(held)}: half within ${span(medianSec)}, the last after ${span(longestSec)}`,
    ),
    open === 0
      ? 'Every dialer holds every opt-out.'
      : `${number(open)} not yet at a dialer${overdue > 0 ? `, ${number(overdue)} OVERDUE` : ''}${oldestAt ? `, the eldest of ${when(oldestAt)}` : ''}`,
  ];
}

function span(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
