import { SaxesParser } from 'saxes';
import { escapeHtml } from '../../domain/escape-html.ts';
import { fillOf, type Ink, inks } from './inks.ts';

/** What is in a picture of the library, by elements and attributes that a page may hold. */
export interface PlainSvg {
  /** The inside of the `svg` element. */
  markup: string;
  viewBox: string;
  /** The inks that it is painted with. */
  used: readonly Ink[];
}

/** What a shape says when it is pointed at: by the library's numbers of its series and its place in it. */
export type Hover = (series: number, place: number) => string;

/**
 * Takes what the library drew to pieces and writes down only what is known to be harmless: no style, no script, no handler,
 * no address. Stand-in colours become the stylesheet's, and ids get the chart's own name, so that many fit on a page.
 */
export function plainSvg(drawn: string, id: string, hover?: Hover): PlainSvg {
  const parser = new SaxesParser({ xmlns: false });
  const used = new Set<Ink>();
  const out: string[] = [];
  let viewBox = '';
  let unwanted = 0;
  let fault: Error | null = null;
  parser.on('error', (error) => {
    fault ??= error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (unwanted > 0 || !wantedElements.has(name)) {
      if (name === 'svg') viewBox = attributes.viewBox ?? '';
      else unwanted += 1;
      return;
    }
    out.push(`<${name}${kept(attributes, id, used)}>`);
    const words = hover && attributes.ecmeta_series_index ? hover(...placeOf(attributes)) : '';
    if (words) out.push(`<title>${escapeHtml(words)}</title>`);
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'svg') return;
    if (unwanted > 0) unwanted -= 1;
    else out.push(`</${name}>`);
  });
  parser.on('text', (text) => {
    if (unwanted === 0 && text.trim()) out.push(escapeHtml(text));
  });
  parser.write(drawn).close();
  if (fault) throw fault;
  return { markup: out.join(''), viewBox, used: [...used] };
}

const wantedElements = new Set([
  'g',
  'path',
  'rect',
  'circle',
  'ellipse',
  'line',
  'polyline',
  'polygon',
  'text',
  'tspan',
]);
const wantedAttributes = new Set([
  ...['d', 'x', 'y', 'width', 'height', 'cx', 'cy', 'r', 'rx', 'ry', 'x1', 'y1', 'x2', 'y2', 'points', 'transform'],
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap'],
  ...['stroke-linejoin', 'text-anchor', 'dominant-baseline', 'font-size', 'font-weight'],
]);
/** A style that is worth keeping, as an attribute. The font is the page's. */
const wantedStyles = new Set(['font-size', 'font-weight']);
const inkOf = new Map(Object.entries(inks).map(([ink, { standIn }]) => [standIn as string, ink as Ink]));

function kept(attributes: Readonly<Record<string, string>>, id: string, used: Set<Ink>): string {
  const styles = (attributes.style ?? '').split(';').flatMap((part) => {
    const [name = '', value = ''] = part.split(':').map((text) => text.trim());
    return wantedStyles.has(name) ? [[name, value] as const] : [];
  });
  const own = Object.entries(attributes).filter(([name]) => wantedAttributes.has(name));
  return [...own, ...styles]
    .map(([name, value]) => ` ${name}="${escapeHtml(painted(name, value, id, used))}"`)
    .join('');
}

function painted(name: string, value: string, id: string, used: Set<Ink>): string {
  if (name !== 'fill' && name !== 'stroke') return value;
  const ink = inkOf.get(value);
  if (!ink) return value === 'none' ? value : 'currentColor';
  used.add(ink);
  return name === 'fill' ? fillOf(ink, id) : inks[ink].colour;
}

function placeOf(attributes: Readonly<Record<string, string>>): [series: number, place: number] {
  return [Number(attributes.ecmeta_series_index), Number(attributes.ecmeta_data_index)];
}
