import { type Document, isAlias, isMap, isNode, isSeq, parseDocument, type YAMLMap } from 'yaml';

export type EditPath = readonly string[];

/** A configuration file that is changed where it must be: comments, order and everything else of it stay. */
export interface EditableDocument {
  /** As it stands now, references not filled in. */
  value(): Record<string, unknown>;
  /** Lays a value over what is there: sections are merged, lists and values replaced, `undefined` takes a key out. */
  lay(path: EditPath, value: unknown): void;
  /** Adds a text to a list, which is made; false when it is there already. */
  addTo(path: EditPath, text: string): boolean;
  /** Takes a text out of a list; an empty list stays. False when it was not there. */
  takeFrom(path: EditPath, text: string): boolean;
  text(): string;
}

/** Opens a configuration's text, YAML or JSON. It must be free of syntax faults. */
export function editDocument(text: string): EditableDocument {
  const isJson = text.trimStart().startsWith('{');
  const document: Document = parseDocument(text, { merge: true, logLevel: 'silent', keepSourceTokens: true });
  if (!isMap(document.contents)) document.contents = document.createNode({}) as typeof document.contents;
  let isChanged = false;

  const value = () => (document.toJS({ maxAliasCount: 100 }) ?? {}) as Record<string, unknown>;
  const at = (path: EditPath) =>
    path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value());

  function lay(path: EditPath, wanted: unknown): void {
    if (isPlain(wanted) && isPlain(at(path))) {
      for (const [key, entry] of Object.entries(wanted)) lay([...path, key], entry);
      return;
    }
    const held = at(path);
    if (isSame(held, wanted)) return;
    isChanged = true;
    const parent = openMap(document, path.slice(0, -1));
    const key = path.at(-1) ?? '';
    if (wanted === undefined) {
      parent.delete(key);
      return;
    }
    const present = parent.get(key, true);
    const next = document.createNode(withoutGaps(wanted));
    if (isNode(present)) Object.assign(next, { comment: present.comment, spaceBefore: present.spaceBefore });
    parent.set(key, next);
  }

  return {
    value,
    lay,
    addTo(path, entry) {
      const held = at(path);
      if (Array.isArray(held) && held.includes(entry)) return false;
      const list = document.getIn(path, true);
      // A list that an anchor shares is copied: it is another section's too.
      if (isSeq(list)) list.add(document.createNode(entry));
      else lay(path, [...(Array.isArray(held) ? held : []), entry]);
      isChanged = true;
      return true;
    },
    takeFrom(path, entry) {
      const held = at(path);
      if (!Array.isArray(held) || !held.includes(entry)) return false;
      const list = document.getIn(path, true);
      if (isSeq(list)) list.delete(held.indexOf(entry));
      else
        lay(
          path,
          held.filter((each) => each !== entry),
        );
      isChanged = true;
      return true;
    },
    text() {
      if (!isChanged) return text;
      return isJson
        ? `${JSON.stringify(value(), null, 2)}\n`
        : document.toString({ lineWidth: 0, flowCollectionPadding: false });
    },
  };
}

/** The map at a path of the document, made where there is none. An alias on the way is opened into a copy of its own. */
function openMap(document: Document, path: EditPath): YAMLMap {
  let map = document.contents as unknown as YAMLMap;
  for (const key of path) {
    const child = map.get(key, true);
    if (isMap(child)) {
      map = child;
      continue;
    }
    const copy = isAlias(child) ? child.toJS(document) : inherited(map, key, document);
    const next = document.createNode(isPlain(copy) ? copy : {}) as YAMLMap;
    next.flow = false;
    map.set(key, next);
    map = next;
  }
  // `clients: {}` would go on as one long line.
  if (map.items.length === 0) map.flow = false;
  return map;
}

/** What a merge key (`<<`) gives a map under this key. */
function inherited(map: YAMLMap, key: string, document: Document): unknown {
  return (map.toJS(document) as Record<string, unknown>)[key];
}

function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutGaps);
  if (!isPlain(value)) return value;
  const filled = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(filled.map(([key, entry]) => [key, withoutGaps(entry)]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (one !== undefined && other !== undefined && JSON.stringify(one) === JSON.stringify(other));
}
