import { type AlertKind, natureOf } from '../../domain/alert.ts';
import type { Letter, LetterItem, LetterWord } from '../../domain/letter.ts';
import { shortTime } from '../../domain/short-time.ts';
import type { ChannelDeps } from './channel.ts';

type Site = Pick<ChannelDeps, 'publicUrl' | 'timeZone'>;

/** More than these are only counted: a letter is read on a phone. */
export const mostItems = 20;

export const whatWords: Readonly<Record<LetterWord, string>> = {
  raised: 'New',
  escalated: 'Nobody has taken it',
  grown: 'It has grown',
  repeated: 'It still holds',
  over: 'Over',
};

/** What stands in the subject of a mail, and first in any other message. */
export function subjectOf(letter: Letter, site: Pick<Site, 'publicUrl'>): string {
  const name = `Patchbay ${new URL(site.publicUrl).hostname}`;
  if (letter.kind === 'digest') return `${name}: ${letter.digest.day}`;
  if (letter.kind === 'test') return `${name}: test`;
  const [first, ...others] = letter.items;
  if (!first) return name;
  const isUrgent = letter.items.some(({ what, level }) => level === 'urgent' && what !== 'over');
  const mark = isUrgent ? 'URGENT: ' : letter.items.every(({ what }) => what === 'over') ? 'over: ' : '';
  return `${name}: ${mark}${first.words}${others.length > 0 ? `, and ${others.length} more` : ''}`.slice(0, 200);
}

/** What is said of one alert. */
export function wordsOfItem({ kind, words }: LetterItem): { words: string; meaning: string; advice: string } {
  const { meaning, advice } = natureOf(kind);
  return { words, meaning, advice };
}

/** The page of the console that shows a kind. */
export function linkOf({ publicUrl }: Pick<Site, 'publicUrl'>, kind: AlertKind): string {
  const { path } = natureOf(kind);
  return `${publicUrl}/console${path && `/${path}`}`;
}

export function alertsLink({ publicUrl }: Pick<Site, 'publicUrl'>): string {
  return `${publicUrl}/console/alerts`;
}

/** `since 14:02`, `from 14:02 to 14:20`. */
export function sinceWords({ since, endedAt }: LetterItem, { timeZone }: Pick<Site, 'timeZone'>): string {
  const zone = { zone: timeZone, now: endedAt ?? since };
  return endedAt
    ? `from ${shortTime(since, zone)} to ${shortTime(endedAt, zone)}`
    : `since ${shortTime(since, zone)} ${timeZone}`;
}

/** That there is more than is told; else nothing. */
export function restWords(items: readonly LetterItem[]): string[] {
  return items.length > mostItems ? [`… and ${items.length - mostItems} more: see the page of alerts.`] : [];
}

/** A letter of alerts as plain text. */
export function linesOfItems(items: readonly LetterItem[], site: Site): string[] {
  const told = items.slice(0, mostItems).flatMap((item) => {
    const { words, meaning, advice } = wordsOfItem(item);
    const head = `${item.level === 'urgent' ? '[urgent] ' : ''}${words}`;
    const time = `  ${whatWords[item.what]}, ${sinceWords(item, site)}.`;
    if (item.what === 'over') return [head, time, ''];
    return [head, time, `  ${meaning}`, `  ${advice}`, `  ${linkOf(site, item.kind)}`, ''];
  });
  return [...told, ...restWords(items)];
}
