import { ConnectorError } from '../domain/errors.ts';

/** A time of the command line as an instant. A day that ends a span counts as a whole. Throws (bad_request) on anything else. */
export function readTime(word: string, isEnd: boolean): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(word);
  const ms = Date.parse(word);
  if (Number.isNaN(ms)) {
    throw new ConnectorError('bad_request', `"${word}" is no time`, {
      hint: 'Give a day such as 2026-11-01, or an instant such as 2026-11-01T15:00:00Z.',
    });
  }
  return new Date(isDay && isEnd ? ms + 86_400_000 : ms).toISOString();
}
