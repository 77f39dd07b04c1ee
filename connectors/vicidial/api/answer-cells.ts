import { ConnectorError } from '../../../src/domain/errors.ts';
import { decodeBytes } from '../tables/texts.ts';

/** Asked of every look-up that can part its columns so: a tab is in no column, a pipe may be in any text. */
export const tabbed = { stage: 'tab' } as const;

/** The rows of a look-up, each parted at its tabs. Every value is decoded by itself: a lead may hold both character sets. */
export function cellRows(body: string): string[][] {
  return linesOf(body).map(cellsOf);
}

/**
 * The one record of an answer with a header line, by column. Its values may hold line breaks. Null when names and values
 * don't match in number: then nobody can tell which is which.
 *
 * @param least so many columns are there in any case; the custom fields after them are missing where a lead has none
 */
export function recordOf(body: string, least: number): Map<string, string> | null {
  const [header = '', ...rest] = linesOf(body);
  const names = cellsOf(header);
  const values = cellsOf(rest.join('\n'));
  if (names.length < least || (values.length !== names.length && values.length !== least)) return null;
  return new Map(values.map((value, index) => [names[index] ?? '', value]));
}

/** The value that is the whole answer. */
export function wholeValue(body: string): string {
  return decode(body.replace(/\r?\n$/, ''));
}

export function oddAnswer(name: string): ConnectorError {
  return new ConnectorError('dialer_odd', `VICIdial's API answered ${name} in a form that we don't know`, {
    retryable: true,
    hint: 'See what the function answers in a browser; give the connector access to the database if it stays so.',
  });
}

function linesOf(body: string): string[] {
  const lines = body.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function cellsOf(line: string): string[] {
  return line.split('\t').map(decode);
}

function decode(bytes: string): string {
  return decodeBytes(Buffer.from(bytes, 'latin1')) ?? '';
}
