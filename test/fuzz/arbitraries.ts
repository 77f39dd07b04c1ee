import fc from 'fast-check';

/** Names that every object has, and what a careless reader takes for one of its own. */
export const trickyName = fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '');

const trickyTexts = [
  ...['', ' ', '\u0000', '\ud800', '\u202e', '\ufeff', '\u2028', '\r\nX-Other: y', 'İ', 'ﬃ', '👩‍👩‍👧'],
  ...['null', 'undefined', 'NaN', 'Infinity', '-0', '1e309', '0x1F', '9'.repeat(400), '-1', '1.5', '٣'],
  ...['2026-02-30T25:61:00Z', '0000-00-00 00:00:00', '2026-03-08 02:30:00', '2026-11-01 01:30:00', '+275760-09-13'],
  ...[
    '+13035550111',
    '(303) 555-0111',
    '00000000000000000000',
    '{{lead_id}}',
    '${jndi:x}',
    '%00',
    '%ff%zz',
    '&#x110000;',
  ],
  ...[
    '"',
    '\\',
    "'; --",
    '<![CDATA[',
    ']]>',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '&b;',
    '../../etc/passwd',
    '=1+1',
    '\t',
  ],
];

/** A text that somebody may send: mostly short, sometimes one that has broken a program before. */
export const oddText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...trickyTexts) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.integer().map(String) },
  { weight: 1, arbitrary: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()) },
);

const openings = [
  ...[
    '[',
    '{"a":',
    '{"',
    '"',
    "'",
    '(',
    '<a>',
    '<a b="',
    '<',
    '&',
    '&amp;',
    '%',
    '%4',
    '=',
    ',',
    ';',
    ';--',
    '|',
    '\t',
  ],
  ...[
    '${',
    '{{',
    ' ',
    '\n',
    '\r',
    '0',
    'a',
    '-',
    '/',
    '\\',
    '=?',
    '--',
    ': ',
    'a: ',
    '- ',
    '&a [',
    '*a ',
    'a,',
    '" ',
    '"}',
  ],
];

/** The same again and again: what a reader takes too long for, or goes too deep into. */
export const repeated = fc
  .tuple(fc.constantFrom(...openings), fc.nat(30_000), fc.constantFrom('', ']', '}', '"', '>', '\n', 'x', '=1'))
  .map(([opening, times, end]) => opening.repeat(Math.ceil(times / opening.length)) + end);

type Edit = { kind: 'cut' | 'insert' | 'double' | 'swap' | 'end' | 'letter'; at: number; length: number; text: string };

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom<Edit['kind']>('cut', 'insert', 'insert', 'double', 'swap', 'end', 'letter'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(30),
  text: oddText,
});

/** A good example with some places spoilt; at times something that is nothing at all. */
export function spoiltText(good: readonly string[]): fc.Arbitrary<string> {
  const spoilt = fc
    .tuple(fc.constantFrom(...good), fc.array(edit, { maxLength: 6 }))
    .map(([text, edits]) => edits.reduce(spoil, text));
  return fc.oneof(
    { weight: 8, arbitrary: spoilt },
    { weight: 1, arbitrary: oddText },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...good), repeated).map(([text, more]) => insert(text, more)) },
    { weight: 1, arbitrary: repeated },
  );
}

function insert(text: string, more: string): string {
  const at = Math.floor(text.length / 2);
  return text.slice(0, at) + more + text.slice(at);
}

function spoil(text: string, { kind, at, length, text: other }: Edit): string {
  const from = Math.floor(at * text.length);
  const [head, part, tail] = [text.slice(0, from), text.slice(from, from + length), text.slice(from + length)];
  switch (kind) {
    case 'cut':
      return head + tail;
    case 'insert':
      return head + other + text.slice(from);
    case 'double':
      return head + part + part + tail;
    case 'swap':
      return head + tail.slice(0, length) + part + tail.slice(length);
    case 'end':
      return head;
    case 'letter':
      return head + String.fromCharCode((text.charCodeAt(from) || 0) ^ (1 << (length % 16))) + text.slice(from + 1);
  }
}

/** Any JSON value, with the names and texts that break things; not very deep. */
export function jsonValue(names: readonly string[] = ['a']): fc.Arbitrary<unknown> {
  const name = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, trickyName, fc.string({ maxLength: 8 }));
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      oddText,
      fc.double(),
      fc.maxSafeInteger(),
      fc.constantFrom(null, true, false),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.tuple(name, tie('value')), { maxLength: 6 }).map(objectOf),
    ),
  })).value;
}

/** A good value with some of its parts replaced, left out, renamed, wrapped or nested deeply. */
export function spoiltJson(good: readonly unknown[]): fc.Arbitrary<unknown> {
  const names = [...new Set(good.flatMap(namesIn))];
  const change = fc.record({
    steps: fc.array(fc.nat(40), { maxLength: 5 }),
    kind: fc.constantFrom('replace', 'replace', 'drop', 'rename', 'wrap', 'deep', 'text') as fc.Arbitrary<
      Change['kind']
    >,
    value: jsonValue(names.length > 0 ? names : ['a']),
    depth: fc.constantFrom(1, 30, 1000, 12_000),
  });
  return fc
    .tuple(fc.constantFrom(...good), fc.array(change, { maxLength: 4 }))
    .map(([value, changes]) => changes.reduce((changed, each) => changeAt(changed, each, each.steps), value));
}

/** The text of a spoilt value; deep ones are written without recursion. */
export function spoiltJsonText(good: readonly unknown[]): fc.Arbitrary<string> {
  const whole = spoiltJson(good).map(writeJson);
  return fc.oneof(
    { weight: 8, arbitrary: whole },
    { weight: 2, arbitrary: spoiltText(good.map((each) => JSON.stringify(each))) },
  );
}

interface Change {
  steps: readonly number[];
  kind: 'replace' | 'drop' | 'rename' | 'wrap' | 'deep' | 'text';
  value: unknown;
  depth: number;
}

const deep = Symbol('deep');

function changeAt(value: unknown, change: Change, steps: readonly number[]): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof value !== 'object' || value === null || deep in value) return changed(value, change);
  const entries = Object.entries(value);
  const at = entries[step % Math.max(1, entries.length)];
  if (!at) return changed(value, change);
  const others = (name: string, inner: unknown) =>
    entries.flatMap((entry) =>
      entry !== at ? [entry] : change.kind === 'drop' && rest.length === 0 ? [] : [[name, inner] as const],
    );
  const isRenamed = change.kind === 'rename' && rest.length === 0;
  const name = isRenamed ? nameIn(change.value) : at[0];
  const made = others(name, isRenamed ? at[1] : changeAt(at[1], change, rest));
  return Array.isArray(value) ? made.map(([, inner]) => inner) : objectOf(made);
}

/** The new name of a part: any text will do. */
function nameIn(value: unknown): string {
  return typeof value === 'string' ? value : `renamed ${typeof value}`;
}

function changed(value: unknown, { kind, value: other, depth }: Change): unknown {
  if (kind === 'wrap') return [value];
  if (kind === 'text') return typeof value === 'string' ? { value } : writeJson(value);
  if (kind === 'deep') return { [deep]: depth };
  return other;
}

/** What JSON.stringify gives, and `[[[…]]]` where a value is deep. */
export function writeJson(value: unknown): string {
  const depths: number[] = [];
  const text = JSON.stringify(value, (_name, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || !(deep in inner)) return inner;
    depths.push(Number(inner[deep]));
    return `\u0001deep${depths.length - 1}\u0001`;
  });
  return (text ?? '').replace(/"\\u0001deep(\d+)\\u0001"/g, (_whole, index: string) => {
    const depth = depths[Number(index)] ?? 1;
    return '['.repeat(depth) + ']'.repeat(depth);
  });
}

/** Own properties whatever they are called. */
function objectOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return made;
}

function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...own, ...Object.values(value).flatMap(namesIn)];
}

/** A text in one of the encodings that it may come in, or bytes that are none. */
export function bytesOf(text: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const encoding = fc.constantFrom<BufferEncoding>('utf8', 'utf8', 'utf8', 'latin1', 'utf16le');
  return fc.oneof(
    { weight: 9, arbitrary: fc.tuple(text, encoding).map(([each, name]) => Buffer.from(each, name)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  );
}
