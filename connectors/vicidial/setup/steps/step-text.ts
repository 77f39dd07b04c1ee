import type { Snippet } from '../snippets/site.ts';

/** A text to paste as Markdown: where it goes, itself, and what to look at. */
export function snippetText({ where, text, notes }: Snippet): string {
  return [`_${where}._`, fenced(text), notes.map((note) => `- ${note}`).join('\n')].filter(Boolean).join('\n\n');
}

export function snippetsText(snippets: readonly Snippet[]): string {
  return snippets.map(snippetText).join('\n\n');
}

export function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}

/** A table; a pipe in a cell would end it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function numbered(lines: readonly string[]): string {
  return lines.map((line, index) => `${index + 1}. ${line}`).join('\n');
}

/** Where the two placeholders of the log-in are found: the wizard makes this client. */
export const clientNote =
  '- `PATCHBAY_CLIENT` is a client of the configuration that may `dialer`: the wizard made `asterisk`. `PATCHBAY_API_KEY` is its key: `ASTERISK_KEY` in the secrets file.';
