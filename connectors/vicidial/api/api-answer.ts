/** One line of an API answer. `words` are VICIdial's fixed words, free of values; `parts` the values behind them. */
export interface AnswerLine {
  kind: 'success' | 'error' | 'notice' | 'data';
  words: string;
  parts: readonly string[];
}

/** What VICIdial said, before anybody judges it. */
export type ApiAnswer =
  /** `body` is the whole text as it came, one letter for each byte, for look-ups that part it by themselves. */
  | { kind: 'lines'; lines: readonly AnswerLine[]; body: string }
  /** Nothing to do: no field was given, or an unknown one asked for. */
  | { kind: 'empty' }
  | { kind: 'login'; isLocked: boolean }
  | { kind: 'denied'; words: string; isFunction: boolean }
  /** Misspelt, or the release is too old for it. */
  | { kind: 'noFunction' }
  | { kind: 'unreadable'; status: number };

const classes = { SUCCESS: 'success', ERROR: 'error', NOTICE: 'notice' } as const;
const separator = / - |: ?\|? ?| \|/;

/**
 * Classes an answer by VICIdial's fixed words: HTTP says 200 whether good or bad, and a PHP fault is a 500 with an empty
 * body. The function's name is left out of the words. Only the first line can refuse log-in, right or function: a look-up
 * shows lead data, which may hold any text further down.
 *
 * @param body one letter for each byte
 */
export function readAnswer(status: number, body: string, functionName: string): ApiAnswer {
  const text = body.trim();
  if (status < 200 || status > 299) return { kind: 'unreadable', status };
  if (!text) return { kind: 'empty' };
  // Older PHP prints its faults and goes on; what it says itself begins with a tag or names the database.
  const isOdd = text.startsWith('<') || /^MySQL (connect )?ERROR/i.test(text);
  if (isOdd && !/^(SUCCESS|ERROR|NOTICE): /m.test(text)) return { kind: 'unreadable', status };

  const lines = text.split(/\r?\n/).map((line) => readLine(line.trim(), functionName));
  const first = isOdd ? lines.find((line) => line.kind !== 'data') : lines[0];
  const refusal = refusalOf(first);
  if (refusal) return refusal;
  // An error that names no function may be one about the log-in in other words, with the password in it.
  const mayEcho = first?.kind === 'error' && !text.includes(`ERROR: ${functionName} `);
  return mayEcho ? { kind: 'lines', lines: [{ ...first, parts: [] }], body: '' } : { kind: 'lines', lines, body };
}

function refusalOf(line: AnswerLine | undefined): ApiAnswer | null {
  if (line?.kind !== 'error') return null;
  const { words, parts } = line;
  if (/^(Login incorrect|Invalid Username\/Password|Too many login attempts)/i.test(words)) {
    return { kind: 'login', isLocked: parts.includes('LOCK') };
  }
  if (words === 'NO FUNCTION SPECIFIED') return { kind: 'noFunction' };
  if (words.includes('DOES NOT HAVE PERMISSION')) {
    return { kind: 'denied', words, isFunction: words.includes('USE THIS FUNCTION') };
  }
  if (/^(Your IP Address is not allowed|Invalid Source|System API NOT ACTIVE)/i.test(words)) {
    return { kind: 'denied', words, isFunction: false };
  }
  return null;
}

/** The first line of a kind whose words hold this text. */
export function findLine(answer: ApiAnswer, kind: AnswerLine['kind'], words = ''): AnswerLine | undefined {
  if (answer.kind !== 'lines') return undefined;
  return answer.lines.find((line) => line.kind === kind && line.words.includes(words));
}

/** What VICIdial said in its own words, for an operator. Holds no value of ours or theirs. */
export function wordsOf(answer: ApiAnswer): string {
  if (answer.kind === 'empty') return 'an empty answer';
  if (answer.kind !== 'lines') return answer.kind;
  const said = answer.lines.find((line) => line.kind === 'error') ?? answer.lines.find((line) => line.kind !== 'data');
  return said ? said.words.slice(0, 100) : 'an answer without SUCCESS, ERROR or NOTICE';
}

/**
 * Rows that an update changed: 1, 0 (already so) or -1 (the SQL failed); null when the line is missing. SUCCESS alone
 * says nothing.
 */
export function updatedRows(answer: ApiAnswer): number | null {
  const line = findLine(answer, 'success', 'LEAD HAS BEEN UPDATED');
  const rows = Number.parseInt(line?.parts[2] ?? '', 10);
  return Number.isNaN(rows) ? null : rows;
}

function readLine(line: string, functionName: string): AnswerLine {
  const match = /^(SUCCESS|ERROR|NOTICE): (.*)$/.exec(line);
  if (!match) return { kind: 'data', words: '', parts: line.split('|') };
  const [, word = 'ERROR', rest = ''] = match;
  const said = rest.startsWith(`${functionName} `) ? rest.slice(functionName.length + 1) : rest;
  const cut = separator.exec(said);
  const words = cut ? said.slice(0, cut.index) : said;
  const values = cut ? said.slice(cut.index + cut[0].length) : '';
  return {
    kind: classes[word as keyof typeof classes],
    // Words are fixed texts; anything else in their place is not passed on.
    words: /^[A-Za-z0-9 ,_'/-]*$/.test(words) ? words.trim() : 'unknown words',
    parts: values.replace(/^\|/, '').split('|'),
  };
}
