/** A template of the `html` tag: its markup, with each value as a mark, and the code of its values. */
export interface Template {
  markup: string;
  values: readonly string[];
}

/** Stands in the markup where a value goes. */
const mark = '\u0001';

/** What the templates of a file do that no page may do. */
export function templateFaults(file: string, source: string): string[] {
  return templatesIn(source).flatMap((template) => faultsOf(template).map((fault) => `${file}: ${fault}`));
}

/** Every template in a source, those within the values of others too. */
export function templatesIn(source: string): Template[] {
  const found: Template[] = [];
  const opening = /\bhtml`/g;
  for (let match = opening.exec(source); match; match = opening.exec(source)) {
    opening.lastIndex = readTemplate(source, opening.lastIndex, found);
  }
  return found;
}

/** Reads from behind the backtick; gives where it ends. */
function readTemplate(source: string, start: number, found: Template[] | null): number {
  let markup = '';
  const values: string[] = [];
  let at = start;
  while (at < source.length && source[at] !== '`') {
    if (source[at] === '\\') {
      markup += source.slice(at, at + 2);
      at += 2;
    } else if (source.startsWith('${', at)) {
      const end = readValue(source, at + 2, found);
      values.push(source.slice(at + 2, end - 1).trim());
      markup += mark;
      at = end;
    } else {
      markup += source[at];
      at += 1;
    }
  }
  found?.push({ markup, values });
  return at + 1;
}

/** Reads the code of a value up to behind its closing brace. */
function readValue(source: string, start: number, found: Template[] | null): number {
  let depth = 1;
  let at = start;
  while (at < source.length && depth > 0) {
    const letter = source[at];
    if (letter === '`') {
      at = readTemplate(source, at + 1, /\bhtml$/.test(source.slice(0, at)) ? found : null);
      continue;
    }
    if (letter === "'" || letter === '"') at = endOfText(source, at);
    if (letter === '{') depth += 1;
    if (letter === '}') depth -= 1;
    at += 1;
  }
  return at;
}

function endOfText(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length && source[at] !== source[start]) at += source[at] === '\\' ? 2 : 1;
  return at;
}

const tag = /<(\/?[^\s>"'<!][^\s>"']*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/g;

function faultsOf({ markup, values }: Template): string[] {
  const faults: string[] = [];
  for (const { 0: whole, 1: name = '', 2: inside = '', index } of markup.matchAll(tag)) {
    const shown = whole.replaceAll(mark, '${…}').replace(/\s+/g, ' ').slice(0, 100);
    if (name.includes(mark)) faults.push(`the name of a tag is a value: ${shown}`);
    const bare = inside.replace(/"[^"]*"|'[^']*'/g, '""');
    if (/=\s*[^\s"']/.test(bare)) faults.push(`a value of an attribute stands without quotes: ${shown}`);
    if (/(^|\s)on[a-z]+\s*=/i.test(bare)) faults.push(`a handler stands in the markup: ${shown}`);
    if (/(^|\s)style\s*=/i.test(bare)) faults.push(`a style stands in the markup: ${shown}`);
    if (/^style$/i.test(name)) faults.push(`a style sheet stands in the markup: ${shown}`);
    if (/^script$/i.test(name) && !/\ssrc=/.test(bare)) faults.push(`a script stands in the markup: ${shown}`);
    for (const value of bareValues(markup.slice(0, index), name, inside, values)) {
      if (!/^attributes\(/.test(value)) faults.push(`only attributes(…) may stand in a tag, not ${value}: ${shown}`);
    }
  }
  return faults;
}

/** The code of values that stand in a tag outside of quotes. */
function bareValues(before: string, name: string, inside: string, values: readonly string[]): string[] {
  const found: string[] = [];
  let index = countMarks(before) + countMarks(name);
  for (const [piece] of inside.matchAll(/"[^"]*"|'[^']*'|[^"']+/g)) {
    const count = countMarks(piece);
    if (!/^["']/.test(piece)) found.push(...values.slice(index, index + count));
    index += count;
  }
  return found;
}

function countMarks(text: string): number {
  return text.split(mark).length - 1;
}
