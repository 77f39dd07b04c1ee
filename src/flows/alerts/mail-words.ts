import { escapeHtml } from '../../domain/escape-html.ts';
import type { Letter, LetterItem } from '../../domain/letter.ts';
import type { ChannelDeps } from './channel.ts';
import { digestParts } from './digest-words.ts';
import {
  alertsLink,
  linesOfItems,
  linkOf,
  mostItems,
  restWords,
  sinceWords,
  whatWords,
  wordsOfItem,
} from './letter-words.ts';

type Site = Pick<ChannelDeps, 'publicUrl' | 'timeZone'>;

const testWords = 'This is a test. If you read it, the channel works.';

/** A letter as plain text. */
export function mailText(letter: Letter, site: Site): string {
  const lines = textLines(letter, site);
  return [...lines, '', `${alertsLink(site)}`].join('\n');
}

function textLines(letter: Letter, site: Site): string[] {
  if (letter.kind === 'test') return [testWords];
  if (letter.kind === 'alerts') return linesOfItems(letter.items, site);
  return digestParts(letter.digest, site).flatMap(({ title, lines }) => [
    title.toUpperCase(),
    ...lines.map((line) => `  ${line}`),
    '',
  ]);
}

/** The same as HTML of the plainest kind, which every program for mail shows: no script, no picture, nothing to fetch. */
export function mailHtml(letter: Letter, site: Site): string {
  const body = bodyOf(letter, site).join('\n');
  const foot = `<p style="color:#666"><a href="${escapeHtml(alertsLink(site))}">The page of alerts</a></p>`;
  return `<!doctype html><html lang="en"><body style="font-family:sans-serif;max-width:40em">\n${body}\n${foot}\n</body></html>`;
}

function bodyOf(letter: Letter, site: Site): string[] {
  if (letter.kind === 'test') return [`<p>${testWords}</p>`];
  if (letter.kind === 'digest') {
    return digestParts(letter.digest, site).map(
      ({ title, lines }) =>
        `<h2 style="font-size:1.1em">${escapeHtml(title)}</h2>\n<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`,
    );
  }
  const items = letter.items.slice(0, mostItems).map((item) => itemHtml(item, site));
  return [...items, ...restWords(letter.items).map((words) => `<p>${escapeHtml(words)}</p>`)];
}

function itemHtml(item: LetterItem, site: Site): string {
  const { words, meaning, advice } = wordsOfItem(item);
  const urgent = item.level === 'urgent' ? '<strong style="color:#b00020">Urgent</strong> ' : '';
  const time = `${escapeHtml(whatWords[item.what])}, ${escapeHtml(sinceWords(item, site))}.`;
  const head = `<p>${urgent}<strong>${escapeHtml(words)}</strong><br>${time}`;
  if (item.what === 'over') return `${head}</p>`;
  const link = `<a href="${escapeHtml(linkOf(site, item.kind))}">See it</a>`;
  return `${head}<br>${escapeHtml(meaning)}<br>${escapeHtml(advice)} ${link}</p>`;
}
