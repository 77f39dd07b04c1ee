import { disclosure } from '../components/disclosure.ts';
import { type Column, table } from '../components/table.ts';
import { type Html, html, trusted } from '../html.ts';
import { type Bars, barOption, lyingHeight } from './bar-option.ts';
import { drawSvg } from './draw-svg.ts';
import { fillOf, type Ink, textures } from './inks.ts';
import { plainSvg } from './plain-svg.ts';

export interface BarChart extends Bars {
  /** Unique on the page. */
  id: string;
  title: string;
  /** What the picture shows, in a sentence or two, for who can't see it. */
  description: string;
  /** What the categories are: the head of the table's first column. */
  categoryTitle: string;
  /** What the inks stand for, with how many there are; none where the categories say it. */
  legend: readonly { ink: Ink; title: string; count: number | null }[];
}

/**
 * Bars as a picture, with the same numbers as a table behind a disclosure. There are three pictures, of which
 * the stylesheet shows the one whose letters can be read. Drawn once for the same numbers.
 */
export async function barChart(chart: BarChart): Promise<Html> {
  const key = JSON.stringify(chart);
  const known = drawn.get(key);
  // The latest used are kept: what is taken out goes in at the end again.
  drawn.delete(key);
  const figure = known ?? draw(chart);
  drawn.set(key, figure);
  for (const oldest of drawn.keys()) {
    if (drawn.size <= mostKept) break;
    drawn.delete(oldest);
  }
  try {
    return await figure;
  } catch (error) {
    drawn.delete(key);
    throw error;
  }
}

/** How many figures were drawn of late and are kept; each takes some 60 KB. */
const mostKept = 40;
const drawn = new Map<string, Promise<Html>>();

async function draw(chart: BarChart): Promise<Html> {
  const { id, title } = chart;
  return html`<figure class="chart">
<figcaption>${title}</figcaption>
${legendOf(chart)}
${[await picture(chart, 'narrow'), await picture(chart, 'middle'), await picture(chart, 'wide')]}
${disclosure({ id: `${id}-numbers`, summary: html`<span class="heard">${title}: </span>the numbers`, content: numbersOf(chart) })}
</figure>`;
}

/** A letter is about as large in each of them where the stylesheet shows it. */
const sizes = {
  narrow: { width: 340, height: 220, fontSize: 13, lines: 3 },
  middle: { width: 560, height: 270, fontSize: 13, lines: 4 },
  wide: { width: 960, height: 290, fontSize: 14, lines: 4 },
} as const;

async function picture(chart: BarChart, name: keyof typeof sizes): Promise<Html> {
  const { width, height, ...look } = sizes[name];
  const id = `${chart.id}-${name}`;
  const hover = (series: number, place: number) => {
    const { title = '', values = [] } = chart.series[series] ?? {};
    return `${chart.categories[place] ?? ''}: ${title} ${shown(values[place] ?? 0)}`;
  };
  const size = { width, height: chart.isLying ? lyingHeight(chart) : height };
  const { markup, viewBox, used } = plainSvg(await drawSvg(barOption(chart, look), size), id, hover);
  return html`<svg class="chart-${name}" viewBox="${viewBox}" role="img" aria-labelledby="${id}-title ${id}-words">
<title id="${id}-title">${chart.title}</title><desc id="${id}-words">${chart.description}</desc>
${trusted(textures(id, used) + markup)}</svg>`;
}

function legendOf({ id, legend }: BarChart): Html | null {
  if (legend.length === 0) return null;
  const swatches = `${id}-legend`;
  return html`<ul class="chart-legend">${legend.map(
    ({ ink, title, count }, index) =>
      html`<li><svg viewBox="0 0 18 12" width="18" height="12" aria-hidden="true">${trusted(swatch(ink, `${swatches}-${index}`))}</svg>${title}${count !== null && html` <b>${shown(count)}</b>`}</li>`,
  )}</ul>`;
}

function swatch(ink: Ink, id: string): string {
  if (ink === 'before')
    return `<path d="M0 6H18" stroke="${fillOf(ink, id)}" stroke-width="1.6" stroke-dasharray="4,3"/>`;
  return `${textures(id, [ink])}<rect width="18" height="12" rx="2" fill="${fillOf(ink, id)}"/>`;
}

function numbersOf({ title, categoryTitle, categories, series }: BarChart): Html {
  const head: (string | Column)[] = [categoryTitle, ...series.map((each) => ({ title: each.title, isNumber: true }))];
  return table({
    caption: title,
    head,
    rows: categories.map((category, index) => [category, ...series.map(({ values }) => shown(values[index] ?? 0))]),
    empty: 'There is nothing to count yet.',
  });
}

/** `12,345`. */
export function shown(count: number): string {
  return count.toLocaleString('en-US');
}
