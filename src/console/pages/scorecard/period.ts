import { type DaySpan, namedSpan, readSpan, type SpanName, spanNames } from '../../../domain/day-span.ts';
import type { Question } from '../../page.ts';

/** The days that a question asks for. */
export interface Period {
  /** Empty for days of somebody's choice. */
  name: SpanName | '';
  span: DaySpan;
  /** What is wrong with the days that were asked for; others are shown then. */
  fault: string;
  /** By what links ask for the same. */
  query: Readonly<Record<string, string>>;
}

export const periodTitles: Readonly<Record<SpanName, string>> = {
  today: 'Today',
  yesterday: 'Yesterday',
  '7-days': '7 days',
  '30-days': '30 days',
};

const usual: SpanName = '7-days';

/** Reads `period`, or `from` and `to`. */
export function periodOf({ query, deps, now }: Question): Period {
  const zone = deps.settings.console.timeZone;
  const { from = '', to = '', period = '' } = query;
  if (from || to) {
    const span = readSpan(zone, from || to, to || from);
    if (typeof span !== 'string') {
      return { name: '', span, fault: '', query: { from: span.firstDay, to: span.lastDay } };
    }
    return { ...named(usual), fault: span };
  }
  return named(spanNames.find((name) => name === period) ?? usual);

  function named(name: SpanName): Period {
    return { name, span: namedSpan(name, zone, now), fault: '', query: { period: name } };
  }
}
