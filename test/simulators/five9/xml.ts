import { SaxesParser } from 'saxes';

/** An element with its namespace resolved; `text` is its direct text, untrimmed. */
export interface XmlElement {
  name: string;
  namespace: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
  text: string;
}

/** The root element of a document; throws an Error when it is not well-formed. */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ local: name, uri: namespace, attributes: given }) => {
    const attributes = Object.fromEntries(Object.entries(given).map(([key, { value }]) => [key, value]));
    const element: XmlElement = { name, namespace, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const addText = (part: string) => {
    const element = open.at(-1);
    if (element) element.text += part;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  if (!root) throw new Error('no root element');
  return root;
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
