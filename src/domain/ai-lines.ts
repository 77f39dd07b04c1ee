/** Lines of a dialer that lead its calls to the AI, as they are set up together. */
export interface LineGroup extends LineSetting {
  /** The dialer's own name of it. */
  key: string;
  campaign: string;
}

export interface LineSetting {
  isOn: boolean;
  /** At least 1, also of those that are off. */
  lines: number;
}

/** Where the dialer itself gives calls to the AI by lines. */
export interface LineControl {
  /** Those that lead to the AI, as they are set now. */
  read(): Promise<readonly LineGroup[]>;
  /** Calls that are on a line go on. Rejects when the dialer did not take it, or nobody can tell. */
  set(key: string, setting: LineSetting): Promise<void>;
}

/** What was done to each group: kept, so that exactly what was there comes back. */
export type LineBook = Readonly<Record<string, LineEntry>>;

export interface LineEntry {
  /** Before we touched it. */
  was: LineSetting;
  /** Before our last change, and what that is: between the two nobody knows which holds. */
  from: LineSetting;
  to: LineSetting;
  /** A person changed it meanwhile: it is theirs until all calls go to the AI again. */
  isLeft?: true;
}

export interface LinePlan {
  /** To be kept before anything is set. */
  book: LineBook;
  sets: readonly { key: string; to: LineSetting }[];
  /** Groups that turned out to be changed by a person. */
  left: readonly string[];
}

/** What must be done so that the lines fit the share of each campaign. What is off was switched off by a person. Pure. */
export function planLines(
  book: LineBook,
  groups: readonly LineGroup[],
  percentOf: (campaign: string) => number,
): LinePlan {
  const next: Record<string, LineEntry> = {};
  const sets: { key: string; to: LineSetting }[] = [];
  const left: string[] = [];
  for (const { key, campaign, isOn, lines } of groups) {
    const held = { isOn, lines };
    const percent = percentOf(campaign);
    const entry = book[key];
    if (!entry && (percent >= 100 || !isOn)) continue;
    if (entry && !entry.isLeft && !isSame(held, entry.to) && !isSame(held, entry.from)) left.push(key);
    if (entry?.isLeft || left.includes(key)) {
      if (entry && percent < 100) next[key] = { ...entry, isLeft: true };
      continue;
    }
    const was = entry?.was ?? held;
    const to = percent >= 100 ? was : scaled(was, held, percent);
    if (isSame(held, to)) {
      if (entry && percent < 100) next[key] = { was, from: held, to };
      continue;
    }
    next[key] = { was, from: held, to };
    sets.push({ key, to });
  }
  // One that is gone may come back.
  const gone = Object.entries(book).filter(([key]) => !groups.some((group) => group.key === key));
  return { book: { ...Object.fromEntries(gone), ...next }, sets, left };
}

/** A share above nothing leaves at least one line: calls must come to show how the AI is. */
function scaled(was: LineSetting, held: LineSetting, percent: number): LineSetting {
  if (percent <= 0) return { isOn: false, lines: held.lines };
  return { isOn: true, lines: Math.max(1, Math.floor((was.lines * percent) / 100)) };
}

export function isSame(one: LineSetting, other: LineSetting): boolean {
  return one.isOn === other.isOn && one.lines === other.lines;
}
