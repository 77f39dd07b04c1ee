/** A template of a script is a few hundred characters; more is not read. */
const maxLength = 65_536;
const maxTags = 500;

const tagPattern = /<([A-Za-z_][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;

/**
 * Reads `<key>value</key>` and `<var name="key" expr="value"/>` at any depth, even when a spliced value holds `<` or `&`.
 * An element that holds others is passed over.
 */
export function readFlatXml(text: string): [string, string][] {
  const body = text.slice(0, maxLength);
  const pairs: [string, string][] = [];
  for (const match of [...body.matchAll(tagPattern)].slice(0, maxTags)) {
    const [whole, name = '', attributes = '', closed] = match;
    const named = /\sname\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(attributes);
    const value = /\s(?:expr|value)\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(attributes);
    if (named && value) {
      pairs.push([unescapeXml(named[1] ?? named[2] ?? ''), unescapeXml(value[1] ?? value[2] ?? '')]);
      continue;
    }
    if (closed) continue;
    const start = match.index + whole.length;
    const end = body.indexOf(`</${name}>`, start);
    const inner = body.slice(start, end);
    if (end < 0 || holdsElements.test(inner)) continue;
    const key = named ? unescapeXml(named[1] ?? named[2] ?? '') : name;
    pairs.push([key, unescapeXml(inner.replace(/^\s*<!\[CDATA\[([\s\S]*)\]\]>\s*$/, '$1')).trim()]);
  }
  return pairs;
}

const holdsElements = /<\/[A-Za-z_]|<[A-Za-z_][^<>]*\/>/;

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name) return entities[String(name).toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
