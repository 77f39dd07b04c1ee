import type { EChartsOption, SeriesOption } from 'echarts';
import { type Ink, inks } from './inks.ts';

/** Bars over categories: several series stand on each other. */
export interface Bars {
  categories: readonly string[];
  series: readonly BarSeries[];
  /** True: the bars lie, the first category on top, each with its number at the end. */
  isLying?: boolean;
}

export interface BarSeries {
  title: string;
  /** One for all its bars, or one for each. */
  ink: Ink | readonly Ink[];
  values: readonly number[];
  /** A line instead of bars. */
  isLine?: boolean;
}

/** How wide a letter of names is at most, on the average of a name, as a part of the font's size. */
const letterWidth = 0.58;
const mostLetters = 24;

/** How high a picture of bars is that lie. */
export function lyingHeight({ categories }: Pick<Bars, 'categories'>): number {
  return 10 + 27 * Math.max(1, categories.length);
}

/** What the library is told. */
export function barOption(bars: Bars, { fontSize, lines }: { fontSize: number; lines: number }): EChartsOption {
  const { series, isLying = false } = bars;
  const categories = bars.categories.map(shortened);
  const textStyle = { color: inks.text.standIn, fontSize };
  // The library knows no fonts here and guesses too little: names would be cut off.
  const namesWidth = fontSize * letterWidth * Math.max(0, ...categories.map((name) => name.length));
  const names = {
    type: 'category' as const,
    data: categories,
    inverse: isLying,
    axisTick: { show: false },
    axisLine: { show: true, lineStyle: { color: inks.grid.standIn, width: 1 } },
    axisLabel: { ...textStyle, hideOverlap: true, ...(isLying && { interval: 0 }) },
  };
  const numbers = {
    type: 'value' as const,
    minInterval: 1,
    splitNumber: lines,
    show: !isLying,
    axisLabel: textStyle,
    splitLine: { show: !isLying, lineStyle: { color: inks.grid.standIn, width: 1 } },
  };
  return {
    grid: isLying
      ? { left: Math.ceil(namesWidth) + 14, right: 56, top: 2, bottom: 2 }
      : { left: 8, right: 8, top: 10, bottom: 4, containLabel: true },
    xAxis: isLying ? numbers : names,
    yAxis: isLying ? names : numbers,
    series: series.map((each) => (each.isLine ? lineOf(each) : barsOf(each, isLying, textStyle))),
  };
}

function barsOf({ title, ink, values }: BarSeries, isLying: boolean, textStyle: object): SeriesOption {
  const inkAt = (index: number): Ink => (typeof ink === 'string' ? ink : (ink[index] ?? 'no-contact'));
  return {
    type: 'bar',
    name: title,
    stack: 'all',
    barCategoryGap: isLying ? '30%' : '18%',
    barMaxWidth: isLying ? 22 : 48,
    emphasis: { disabled: true },
    // Nothing is drawn for a dash: of many hours and days most parts are empty.
    data: values.map((value, index) => ({
      value: value === 0 && !isLying ? '-' : value,
      itemStyle: { color: inks[inkAt(index)].standIn, borderColor: inks.gap.standIn, borderWidth: 0.5 },
    })),
    ...(isLying && { label: { show: true, position: 'right', ...textStyle, color: inks.before.standIn } }),
  };
}

function lineOf({ title, ink, values }: BarSeries): SeriesOption {
  const color = inks[typeof ink === 'string' ? ink : 'before'].standIn;
  return {
    type: 'line',
    name: title,
    step: 'middle',
    symbol: 'none',
    emphasis: { disabled: true },
    lineStyle: { color, width: 1.5, type: [4, 3] },
    data: [...values],
  };
}

/** As it may stand in XML: neither control characters nor half letters. */
function shortened(name: string): string {
  const letters = [...name.toWellFormed().replace(/\p{Cc}|[\ufffe\uffff]/gu, ' ')];
  return letters.length > mostLetters ? `${letters.slice(0, mostLetters - 1).join('')}…` : letters.join('');
}
