import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';

export type Path = readonly PropertyKey[];

export interface ConfigDocument {
  value: unknown;
  /** Line of a key, or of the nearest part above it that the document has; 1 is the first. */
  lineOf(path: Path): number | undefined;
  faults: { line: number; what: string; fix: string }[];
  /** From this line on the document can't be understood; infinite when all of it can. */
  brokenFromLine: number;
}

/** Reads YAML, of which JSON is a part. Faults are told in our own words: the library's quote the text, secrets and all. */
export function readDocument(text: string): ConfigDocument {
  const lines = new LineCounter();
  const parsed = parseWithin(text, lines);
  if (!parsed) {
    const faults = [{ line: 1, ...tooDeepWords }];
    return { value: {}, lineOf: () => undefined, faults, brokenFromLine: Number.POSITIVE_INFINITY };
  }
  const document: Document = parsed;
  const lineOfError = (error: YAMLError) => lines.linePos(error.pos[0]).line;
  // What a misplaced character does to the lines below is not worth telling.
  const [broken] = document.errors.filter((error) => !isLocal(error)).sort((a, b) => a.pos[0] - b.pos[0]);
  const brokenFromLine = broken ? lineOfError(broken) : Number.POSITIVE_INFINITY;
  const local = [...document.errors, ...document.warnings].filter(isLocal);
  const faults = [...local.filter((error) => lineOfError(error) < brokenFromLine), ...(broken ? [broken] : [])].map(
    (error) => ({ line: lineOfError(error), ...wordsOf(error, text) }),
  );
  const odd = firstOdd(document);
  if (odd) faults.push({ line: lines.linePos(odd.node.range?.[0] ?? 0).line, ...odd.words });
  const circle = odd ? undefined : firstCircle(document);
  if (circle) faults.push({ line: lines.linePos(circle.range?.[0] ?? 0).line, ...circleWords });

  function lineOf(path: Path): number | undefined {
    let node: unknown = document.contents;
    let offset: number | undefined;
    for (const key of path) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
        if (!pair) break;
        offset = (pair.key as Node).range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        const item = node.items[Number(key)] as Node | undefined;
        if (!item) break;
        offset = item.range?.[0] ?? offset;
        node = item;
      } else break;
    }
    return offset === undefined ? undefined : lines.linePos(offset).line;
  }

  return {
    value: odd || circle ? {} : readSafely(() => document.toJS({ maxAliasCount: 100 })),
    lineOf,
    faults,
    brokenFromLine,
  };
}

const circleWords = {
  what: 'a value holds itself',
  fix: 'Take the name behind the * away: it stands for a part around it.',
};

/** Ours has some ten at most. */
const mostLevels = 64;

const tooDeepWords = {
  what: 'lists or sections are nested too deep',
  fix: 'Look for brackets that are never closed.',
};

const oddKeyWords = {
  what: 'a key is itself a list or a section',
  fix: 'Write a word before the colon. A reference to the environment must be in quotes.',
};

/** Undefined when the library's stack is not deep enough for it. */
function parseWithin(text: string, lineCounter: LineCounter): Document | undefined {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, merge: true, logLevel: 'silent' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * The first part that nobody wants to turn into values: one that is nested too deep for whoever walks through it, or a key
 * that is no word. None of ours is, and the library writes each out as text: in brackets by the hundred, for ever.
 */
function firstOdd(document: Document): { node: Node; words: { what: string; fix: string } } | undefined {
  let found: ReturnType<typeof firstOdd>;
  visit(document, {
    Pair(_key, { key }) {
      if (!isMap(key) && !isSeq(key)) return undefined;
      found = { node: key, words: oddKeyWords };
      return visit.BREAK;
    },
    Collection(_key, node, around) {
      if (around.filter((part) => isMap(part) || isSeq(part)).length < mostLevels) return undefined;
      found = { node, words: tooDeepWords };
      return visit.BREAK;
    },
  });
  return found;
}

/** The first alias that stands inside of what it stands for: whoever walked through it would never come to an end. */
function firstCircle(document: Document): Node | undefined {
  let found: Node | undefined;
  visit(document, {
    Alias(_key, alias, around) {
      const meant = alias.resolve(document);
      if (!meant || !around.includes(meant)) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}

/** Faults of one value or key, which leave the rest of the document readable. */
function isLocal(error: YAMLError): boolean {
  return ['DUPLICATE_KEY', 'BAD_ALIAS', 'TAG_RESOLVE_FAILED'].includes(error.code);
}

function readSafely(read: () => unknown): unknown {
  try {
    return read() ?? {};
  } catch {
    // An alias without an anchor; it stands among the faults.
    return {};
  }
}

function wordsOf(error: YAMLError, text: string): { what: string; fix: string } {
  switch (error.code) {
    case 'DUPLICATE_KEY': {
      const key = /^["']?([\w.*-]+)/.exec(text.slice(error.pos[0], error.pos[0] + 80))?.[1] ?? 'a key';
      return { what: `${key} is there twice`, fix: 'Join the two.' };
    }
    case 'BAD_ALIAS':
      return { what: 'a value begins with *', fix: 'Put the value in single quotes.' };
    case 'TAG_RESOLVE_FAILED':
      return { what: 'a value begins with !', fix: 'Put the value in single quotes.' };
    case 'TAB_AS_INDENT':
      return { what: 'a tab indents the line', fix: 'Indent with blanks.' };
    case 'BAD_INDENT':
      return { what: 'the indentation does not fit the lines above', fix: 'Indent keys of one section alike.' };
    case 'BAD_SCALAR_START':
      return { what: 'a value begins with a character that YAML keeps for itself', fix: 'Put it in single quotes.' };
    case 'BAD_DQ_ESCAPE':
      return { what: 'a backslash in double quotes means nothing', fix: 'Use single quotes.' };
    case 'MULTIPLE_DOCS':
      return { what: 'a second document begins', fix: 'Remove the line ---.' };
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return { what: 'this is neither a key nor a value', fix: 'Write key: value; quote a value with a colon in it.' };
    case 'MISSING_CHAR':
    case 'UNEXPECTED_TOKEN':
      return {
        what: 'a quote, bracket, comma or colon is missing or too many',
        fix: 'Look at this line and the one above. Between { and } a reference to the environment must be in quotes.',
      };
    case 'RESOURCE_EXHAUSTION':
      return tooDeepWords;
    default:
      return { what: `this is not YAML (${error.code})`, fix: 'Look at this line and the one above.' };
  }
}
