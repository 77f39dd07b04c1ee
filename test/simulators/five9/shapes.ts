import { soapFault } from './soap-fault.ts';
import type { XmlElement } from './xml.ts';

/** What a child of a request may be: the order of a list of shapes is the order that the service insists on. */
export interface Shape {
  name: string;
  type: 'text' | 'boolean' | 'int' | 'long' | 'children' | readonly string[];
  children: readonly Shape[];
  isRequired: boolean;
  repeats: boolean;
  /** An empty text has a meaning: a value in a row. Elsewhere an empty optional element is an error. */
  mayBeEmpty: boolean;
}

/** A request, checked against its shape. */
export interface Args {
  has(name: string): boolean;
  /** Empty when absent. */
  text(name: string): string;
  texts(name: string): string[];
  number(name: string): number | undefined;
  flag(name: string): boolean;
  /** An absent child reads as one without children. */
  node(name: string): Args;
  nodes(name: string): Args[];
}

const formats = {
  boolean: /^(true|false|0|1)$/,
  int: /^[+-]?\d{1,10}$/,
  long: /^[+-]?\d{1,19}$/,
} as const;

/** Reads the children of a request; a fault for what the service does not take. Not strict: passes over it silently. */
export function readArgs(parent: XmlElement, shapes: readonly Shape[], isStrict: boolean): Args {
  const kept: { shape: Shape; element: XmlElement }[] = [];
  let place = 0;
  for (const element of parent.children) {
    const found = shapes.findIndex((shape) => shape.name === element.name);
    const why = refusal(element, shapes, found, place, kept.at(-1)?.element.name);
    if (why === '') {
      place = found;
      const shape = shapes[found];
      if (shape) kept.push({ shape, element });
    } else if (isStrict) {
      throw soapFault('IncorrectArgumentFault', `${parent.name}: ${why}`);
    }
  }
  if (isStrict && shapes.length > 0 && parent.text.trim()) {
    throw soapFault('IncorrectArgumentFault', `${parent.name}: text where elements are expected`);
  }
  for (const shape of shapes) {
    if (shape.isRequired && !kept.some((child) => child.shape === shape)) {
      throw soapFault('MissedArgumentFault', `${parent.name}: ${shape.name} is missing`);
    }
  }
  return argsOf(kept, isStrict);
}

function refusal(element: XmlElement, shapes: readonly Shape[], found: number, place: number, before = ''): string {
  const shape = shapes[found];
  if (element.namespace !== '') return `${element.name} must not be qualified`;
  if (!shape) return `${element.name} is not known here`;
  if (found < place) return `${element.name} is in the wrong place`;
  if (before === element.name && !shape.repeats) return `${element.name} occurs twice`;
  if (shape.mayBeEmpty || (shape.type === 'children' && element.children.length > 0)) return '';
  if (Object.keys(element.attributes).some((name) => name.endsWith(':nil'))) return `${element.name} is nil`;
  if (shape.type !== 'children' && element.children.length > 0) return `${element.name} must be a text`;
  const text = element.text.trim();
  if (shape.type === 'children' || text === '') return `${element.name} is empty`;
  return isOfType(shape.type, text) ? '' : `${element.name} has a value that can't be read`;
}

function isOfType(type: Shape['type'], text: string): boolean {
  if (typeof type !== 'string') return type.includes(text);
  return type === 'text' || type === 'children' || formats[type].test(text);
}

function argsOf(kept: readonly { shape: Shape; element: XmlElement }[], isStrict: boolean): Args {
  const all = (name: string) => kept.filter((child) => child.shape.name === name);
  const texts = (name: string) =>
    all(name).map(({ shape, element }) => (shape.type === 'text' ? element.text : element.text.trim()));
  const nodes = (name: string) => all(name).map(({ shape, element }) => readArgs(element, shape.children, isStrict));
  const text = (name: string) => texts(name)[0] ?? '';
  return {
    has: (name) => all(name).length > 0,
    text,
    texts,
    number: (name) => (text(name) === '' ? undefined : Number(text(name))),
    flag: (name) => ['true', '1'].includes(text(name)),
    node: (name) => nodes(name)[0] ?? argsOf([], isStrict),
    nodes,
  };
}

function shape(name: string, type: Shape['type'], changes: Partial<Shape> = {}): Shape {
  return { name, type, children: [], isRequired: false, repeats: false, mayBeEmpty: false, ...changes };
}

export const text = (name: string) => shape(name, 'text');
export const flag = (name: string) => shape(name, 'boolean');
export const int = (name: string) => shape(name, 'int');
export const long = (name: string) => shape(name, 'long');
export const oneOf = (name: string, ...values: string[]) => shape(name, values);
export const node = (name: string, ...children: Shape[]) => shape(name, 'children', { children });
export const required = (one: Shape): Shape => ({ ...one, isRequired: true });
export const many = (one: Shape): Shape => ({ ...one, repeats: true });
export const emptiable = (one: Shape): Shape => ({ ...one, mayBeEmpty: true });
