import { type BacklogForecast, goneAfterSec } from '../domain/link-report.ts';
import { shortTime } from '../domain/short-time.ts';
import { type Complaint, worstOf } from '../flows/judge-site.ts';
import { linkWords } from '../flows/link-words.ts';
import { needWords } from '../flows/need-words.ts';
import type { SiteState } from '../flows/site-state.ts';
import { type Colour, coloured, type Screen, screenOf, tableLines } from './terminal-table.ts';

/** The state of the site as people read it on a terminal. */
export function statusLines(
  state: SiteState,
  complaints: readonly Complaint[],
  zone: string,
  screen: Screen = screenOf(),
): string[] {
  const heading = (text: string) => ['', coloured(text, 'bold', screen)];
  const when = (at: string) => shortTime(at, { zone, now: state.at });
  return [
    whoTells(state, when),
    ...verdictLines(complaints, screen),
    ...heading('Links'),
    ...tableLines(linkTable(state), screen),
    ...heading('Waiting'),
    ...(state.backlog.length > 0 ? tableLines(backlogTable(state, when), screen) : ['Nothing waits.']),
    ...heading('Needs a person'),
    ...(state.needs.length > 0 ? tableLines(needTable(state, when), screen) : ['Nothing.']),
    ...heading('Opt-outs'),
    optOutLine(state),
    ...(state.syncs.length > 0 ? [...heading('Lead sync'), ...tableLines(syncTable(state, when), screen)] : []),
    ...(state.processes.length > 0 ? [...heading('Processes'), ...tableLines(processTable(state, when), screen)] : []),
  ];
}

function whoTells({ at, isStoreAway, isServing, processes }: SiteState, when: (at: string) => string): string {
  const living = processes.filter(({ silentSec }) => silentSec < goneAfterSec);
  if (isStoreAway) return `${when(at)}  The store does not answer: nothing can be told but this.`;
  if (!isServing) return `${when(at)}  No service runs beside this command: what is shown is what the store holds.`;
  const told = Math.round(Math.max(...living.map(({ silentSec }) => silentSec)));
  return `${when(at)}  Told by ${living.length} running ${living.length === 1 ? 'process' : 'processes'}, up to ${told} s ago.`;
}

function verdictLines(complaints: readonly Complaint[], screen: Screen): string[] {
  if (complaints.length === 0) return [coloured('All is well.', 'green', screen)];
  const width = worstOf(complaints) === 'bad' ? 6 : 7;
  return complaints.flatMap(({ level, words, hint }) => [
    `${coloured(level.toUpperCase().padEnd(width), level === 'bad' ? 'red' : 'yellow', screen)}${words}`,
    ...(hint ? [`${' '.repeat(width)}${hint}`] : []),
  ]);
}

const stateColours: Readonly<Record<SiteState['links'][number]['state'], Colour>> = {
  ok: 'green',
  silent: 'gray',
  slow: 'yellow',
  errors: 'red',
  broken: 'red',
  unknown: 'magenta',
};

function linkTable({ links }: SiteState) {
  return {
    head: ['link', 'state', 'traffic', 'errors', 'it waits for us', 'we wait for it', 'limits'],
    rows: links.map((link) => {
      const words = linkWords(link);
      return [
        link.id,
        { text: words.state, colour: stateColours[link.state] },
        words.traffic,
        words.errors,
        words.asked || '-',
        words.asking || '-',
        words.quota || '-',
      ];
    }),
  };
}

function backlogTable({ backlog }: SiteState, when: (at: string) => string) {
  return {
    head: ['dialer', 'aspect', 'waiting', 'not confirmed', 'taken', 'through'],
    rows: backlog.map(({ dialer, aspect, waiting, submitted, ...row }) => [
      dialer,
      aspect,
      waiting,
      submitted,
      takenWords(row, when),
      waiting === 0 ? 'all sent' : throughWords(row, when),
    ]),
  };
}

type Outlook = Pick<BacklogForecast, 'opensAt' | 'throughAt' | 'paused'>;

function takenWords({ opensAt, paused }: Outlook, when: (at: string) => string): string {
  if (paused === 'all') return 'paused';
  return opensAt ? `from ${when(opensAt)}` : 'now';
}

function throughWords({ throughAt, paused }: Outlook, when: (at: string) => string): string {
  if (paused) return 'once the pause is lifted';
  return throughAt ? when(throughAt) : 'not in sight';
}

function needTable({ needs }: SiteState, when: (at: string) => string) {
  return {
    head: ['what', 'count', 'oldest'],
    rows: needs.map(({ kind, count, oldestAt }) => [
      { text: needWords[kind][count === 1 ? 0 : 1], colour: kind.endsWith('opt-out') ? 'red' : 'yellow' } as const,
      count,
      oldestAt ? when(oldestAt) : '-',
    ]),
  };
}

function optOutLine({ optOuts, isStoreAway }: SiteState): string {
  if (isStoreAway) return 'Not known.';
  if (optOuts.length === 0) return 'Every dialer holds them all.';
  const overdue = optOuts.filter(({ isOverdue }) => isOverdue).length;
  const word = overdue > 0 ? `${overdue} of them overdue` : 'none overdue';
  return `${optOuts.length} on their way, ${word}: npx patchbay opt-outs --open`;
}

function syncTable({ syncs }: SiteState, when: (at: string) => string) {
  return {
    head: ['dialer', 'last run', 'leads', 'ended'],
    rows: syncs.map(({ dialer, startedAt, endedAt, leads, error }) => [
      dialer,
      when(startedAt),
      leads,
      error ? ({ text: error, colour: 'yellow' } as const) : endedAt ? when(endedAt) : 'goes on',
    ]),
  };
}

function processTable({ processes }: SiteState, when: (at: string) => string) {
  return {
    head: ['process', 'state', 'version', 'configuration', 'since', 'on its disk'],
    rows: processes.map(({ name, version, startedAt, silentSec, spooled, configuration }) => {
      const isGone = silentSec >= goneAfterSec;
      const text = isGone ? `gone, silent for ${Math.round(silentSec / 60)} min` : 'running';
      const state = { text, colour: isGone ? 'gray' : 'green' } as const;
      return [name, state, version, configuration?.version ?? '', when(startedAt), spooled];
    }),
  };
}
