import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element with its namespace resolved; `text` is its direct text, untrimmed. */
export interface XmlElement {
  name: string;
  namespace: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
  text: string;
}

type RawNode = Readonly<Record<string, unknown>>;
type Scope = Readonly<Record<string, string>>;

const parser = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // Reads character references such as &#233; too.
  htmlEntities: true,
} as const;

/** The root element of a document; throws an Error when it is not well-formed. */
export function parseXml(text: string): XmlElement {
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) throw new Error(verdict.err.msg);
  const nodes = new XMLParser(parser).parse(text) as RawNode[];
  for (const node of nodes) {
    const name = nameOf(node);
    if (name && !name.startsWith('?')) return readElement(node, name, { '': '' });
  }
  throw new Error('no root element');
}

function nameOf(node: RawNode): string {
  return Object.keys(node).find((key) => key !== ':@' && key !== '#text') ?? '';
}

function readElement(node: RawNode, qualifiedName: string, outer: Scope): XmlElement {
  const attributes = (node[':@'] ?? {}) as Record<string, string>;
  const scope = { ...outer, ...declaredIn(attributes) };
  const [name = '', prefix = ''] = qualifiedName.split(':').reverse();
  const namespace = scope[prefix];
  if (namespace === undefined) throw new Error(`the prefix ${prefix} is not bound`);
  const element: XmlElement = { name, namespace, attributes, children: [], text: '' };
  for (const child of node[qualifiedName] as RawNode[]) {
    if ('#text' in child) element.text += String(child['#text']);
    else if (nameOf(child)) element.children.push(readElement(child, nameOf(child), scope));
  }
  return element;
}

function declaredIn(attributes: Readonly<Record<string, string>>): Scope {
  const declared: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'xmlns') declared[''] = value;
    else if (name.startsWith('xmlns:')) declared[name.slice(6)] = value;
  }
  return declared;
}

/** Content of an element: a text, several of the same name, or children in order. Undefined leaves it out. */
export type XmlContent = string | number | boolean | undefined | readonly XmlContent[] | XmlChildren;
export interface XmlChildren {
  readonly [name: string]: XmlContent;
}

/** An element as Five9 writes it: an empty text as a pair of tags, nothing at all as a single tag. */
export function writeElement(name: string, content: XmlContent): string {
  if (content === undefined) return '';
  if (Array.isArray(content)) return content.map((item: XmlContent) => writeElement(name, item)).join('');
  if (typeof content !== 'object') return `<${name}>${escapeText(String(content))}</${name}>`;
  const inner = Object.entries(content)
    .map(([child, value]) => writeElement(child, value as XmlContent))
    .join('');
  return inner ? `<${name}>${inner}</${name}>` : `<${name}/>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
}
