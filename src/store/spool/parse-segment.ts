export interface ParsedSegment {
  entries: object[];
  /** Whole lines that are no JSON object. */
  unreadable: string[];
  /** True when the file ends in the middle of a line: its writer died before it acknowledged anything of it. */
  isTorn: boolean;
}

/** Reads a file of JSON lines. */
export function parseSegment(bytes: Buffer): ParsedSegment {
  const lines = bytes.toString('utf8').split('\n');
  const rest = lines.pop();
  const parsed: ParsedSegment = { entries: [], unreadable: [], isTorn: rest !== '' };
  for (const line of lines) {
    if (line === '') continue;
    const entry = parseLine(line);
    if (entry) parsed.entries.push(entry);
    else parsed.unreadable.push(line);
  }
  return parsed;
}

function parseLine(line: string): object | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}
