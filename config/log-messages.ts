/** One line that the log may have. */
export interface LogMessage {
  level: string;
  message: string;
  /** Names of its fields; `…` where it has more, named by what it is given. */
  fields: readonly string[];
}

export interface ScannedLogs {
  messages: LogMessage[];
  /** Calls whose message is not one text that is always the same. */
  faults: string[];
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'];
const call = /\b(?:log|logger)\??\.(fatal|error|warn|info|debug|trace)\(/g;
/** Functions that take the message first and hand it on as a warning, and how a file has one of its own. */
const forwarder = /\bonWarning\((?=\s*['"`])/g;
const ownForwarder = /(?<![\w.])warn\((?=\s*['"`])/g;
const hasOwnForwarder = /function warn\(message: string/;

/** Every message that the sources log, with its fields. The sources are read as text: there is no list to keep by hand. */
export function scanLogs(files: Iterable<{ path: string; source: string }>): ScannedLogs {
  const found: LogMessage[] = [];
  const faults: string[] = [];
  for (const { path, source } of files) {
    for (const match of source.matchAll(call)) {
      const start = match.index + match[0].length;
      const given = argumentsAt(source, start);
      const [fields = '', message] = given.length > 1 ? given : ['', given[0]];
      // The forwarders themselves: what they are called with is found at the calls.
      if (message === 'message' && fields === 'fields') continue;
      add(path, source, { index: start, level: match[1] ?? '', message: message ?? '', fields });
    }
    const own = hasOwnForwarder.test(source) ? [...source.matchAll(ownForwarder)] : [];
    for (const match of [...source.matchAll(forwarder), ...own]) {
      const start = match.index + match[0].length;
      const [message = '', fields = ''] = argumentsAt(source, start);
      add(path, source, { index: start, level: 'warn', message, fields });
    }
  }
  return { messages: merged(found), faults };

  function add(path: string, source: string, given: { index: number; level: string; message: string; fields: string }) {
    const { index, level, message, fields } = given;
    const text = /^(['"])((?:\\.|(?!\1).)*)\1$/s.exec(message)?.[2];
    const line = source.slice(0, index).split('\n').length;
    if (text === undefined)
      faults.push(`${path}:${line} logs ${message}: a message is one text, what varies is a field`);
    else found.push({ level, message: text.replace(/\\(.)/g, '$1'), fields: fieldsOf(source.slice(0, index), fields) });
  }
}

/** The same message of several places is one row, with the fields of them all. */
function merged(found: readonly LogMessage[]): LogMessage[] {
  const rows = Map.groupBy(found, ({ level, message }) => `${level} ${message}`);
  return [...rows.values()]
    .flatMap((same) => {
      const [first] = same;
      return first ? { ...first, fields: [...new Set(same.flatMap(({ fields }) => fields))].sort() } : [];
    })
    .sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level) || (a.message < b.message ? -1 : 1));
}

/** Names of the keys of an object, also of one that has a name of its own shortly before. */
function fieldsOf(before: string, text: string): string[] {
  if (/^\w+$/.test(text)) {
    const start = before.lastIndexOf(`const ${text} = {`);
    if (start < 0) return ['…'];
    return keysOf(argumentsAt(before, start + `const ${text} = {`.length, '}'));
  }
  return text.startsWith('{') ? keysOf(argumentsAt(text, 1, '}')) : [];
}

function keysOf(parts: readonly string[]): string[] {
  return parts.flatMap((part) => {
    if (!part.startsWith('...')) return /^['"]?([\w-]+)/.exec(part)?.[1] ?? [];
    const inner = /\{(.*)\}/s.exec(part)?.[1];
    return inner === undefined ? ['…'] : keysOf(argumentsAt(`${inner}}`, 0, '}'));
  });
}

/** The parts between here and the closing bracket that commas divide, at the outermost level. */
function argumentsAt(source: string, start: number, close = ')'): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < source.length; at += 1) {
    const sign = source[at] ?? '';
    if (depth === 0 && (sign === ',' || sign === close)) {
      parts.push(source.slice(from, at).trim());
      from = at + 1;
      if (sign === close) break;
    } else if (`'"\``.includes(sign)) at = endOfText(source, at);
    else if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign)) depth -= 1;
  }
  return parts.filter((part) => part !== '');
}

function endOfText(source: string, start: number): number {
  const quote = source[start];
  let at = start + 1;
  while (at < source.length && source[at] !== quote) at += source[at] === '\\' ? 2 : 1;
  return at;
}
