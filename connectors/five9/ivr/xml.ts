import { SaxesParser } from 'saxes';
import { ConnectorError } from '../../../src/domain/errors.ts';

/** An element of an IVR script. An element with children has no text of its own: what stands between them is layout. */
export interface XmlNode {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlNode[];
  text: string;
  /** Where it begins, in a document that was read. */
  line?: number;
}

export interface XmlLimits {
  bytes: number;
  nodes: number;
  depth: number;
}

/** The largest real export is 200 KB; what is far beyond is not a script. */
const usualLimits: XmlLimits = { bytes: 20_000_000, nodes: 400_000, depth: 200 };

/**
 * Reads XML that anybody may have written: no document types (so no entities of its own), no depth or size without end.
 *
 * @throws ConnectorError `bad_request` when it is not well-formed or too large
 */
export function readXml(text: string, limits: XmlLimits = usualLimits): XmlNode {
  if (Buffer.byteLength(text) > limits.bytes) throw notReadable(`it is larger than ${limits.bytes} bytes`);
  const parser = new SaxesParser({ position: true, xmlns: false });
  const open: XmlNode[] = [];
  let root: XmlNode | undefined;
  let nodes = 0;

  parser.on('error', (error) => {
    throw notReadable(error.message);
  });
  parser.on('doctype', () => {
    throw notReadable('it declares a document type, which no script of Five9 does');
  });
  parser.on('opentag', ({ name, attributes }) => {
    nodes += 1;
    if (nodes > limits.nodes) throw notReadable(`it has more than ${limits.nodes} elements`);
    if (open.length >= limits.depth) throw notReadable(`it is nested more than ${limits.depth} deep`);
    const node: XmlNode = { name, attributes, children: [], text: '', line: parser.line };
    open.at(-1)?.children.push(node);
    root ??= node;
    open.push(node);
  });
  const addText = (part: string) => {
    const node = open.at(-1);
    if (node) node.text += part;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const node = open.pop();
    if (node && node.children.length > 0) node.text = '';
  });

  parser.write(text.replace(/^\uFEFF/, '')).close();
  if (!root) throw notReadable('it has no root element');
  return root;
}

/** The document as Five9 exports it: four blanks per level, empty elements as one tag. */
export function writeXml(root: XmlNode): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'];
  writeNode(root, 0, lines);
  return `${lines.join('\n')}\n`;
}

function writeNode(node: XmlNode, level: number, lines: string[]): void {
  const blank = ' '.repeat(level * 4);
  const attributes = Object.entries(node.attributes).map(([name, value]) => ` ${name}="${escapeXml(value)}"`);
  const start = `${blank}<${node.name}${attributes.join('')}`;
  if (node.children.length > 0) {
    lines.push(`${start}>`);
    for (const child of node.children) writeNode(child, level + 1, lines);
    lines.push(`${blank}</${node.name}>`);
  } else lines.push(node.text === '' ? `${start}/>` : `${start}>${escapeXml(node.text)}</${node.name}>`);
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}

/** A node with children, or with a text. */
export function element(name: string, content: readonly XmlNode[] | string | number | boolean = ''): XmlNode {
  const hasChildren = Array.isArray(content);
  return { name, attributes: {}, children: hasChildren ? [...content] : [], text: hasChildren ? '' : String(content) };
}

/** The first child of this name. */
export function childOf(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return node?.children.find((child) => child.name === name);
}

export function childrenOf(node: XmlNode | undefined, name: string): XmlNode[] {
  return node?.children.filter((child) => child.name === name) ?? [];
}

/** The text at the end of a path of child names, trimmed; empty when there is none. */
export function textAt(node: XmlNode | undefined, ...path: string[]): string {
  let at = node;
  for (const name of path) at = childOf(at, name);
  return at?.text.trim() ?? '';
}

function notReadable(why: string): ConnectorError {
  return new ConnectorError('bad_request', `the IVR script can not be read: ${why}`, {
    hint: 'Export the script anew from the Five9 administrator, and hand over that file unchanged.',
  });
}
