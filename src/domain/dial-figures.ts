/** What a dialer knows itself of how a campaign dials, and how often nobody was there for a person who answered. */
export interface DialFigures {
  campaign: string;
  /** Of so many hours back, the shortest first. None: the dialer does not tell. */
  spans: readonly DialSpan[];
  /** Calls that may be with the AI at once; null: not known. */
  lines: number | null;
  /** Calls that are dialled for each free line; null where there is no such number. */
  level: number | null;
  /** The dialer sets the level by itself, within limits. */
  isAdaptive: boolean;
  /** Where a person changes the level or its limits, and the lines; in the dialer's words. */
  levelAt: string;
  linesAt: string;
  /** Where drops are shown, when there are no spans. */
  dropsAt: string;
}

export interface DialSpan {
  hours: number;
  /** By people: machines do not count. */
  answered: number;
  /** Of these, those who got neither a line nor anybody else in time. */
  dropped: number;
}
