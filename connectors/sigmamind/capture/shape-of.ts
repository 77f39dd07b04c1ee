const maxDepth = 6;
const maxLines = 200;

/** The names and types of a JSON value, one line each, indented as they are nested. No value is in it. */
export function shapeOf(value: unknown, safe: (name: string) => string): string[] {
  const lines: string[] = [];
  if (value === undefined) return ['(no JSON)'];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) add('(the body)', value, 0);
  else for (const [name, inner] of Object.entries(value)) add(name, inner, 0);
  return lines;

  function add(name: string, inner: unknown, depth: number): void {
    if (lines.length >= maxLines) return;
    const indent = '  '.repeat(depth);
    const title = depth === 0 && name === '(the body)' ? name : safe(name);
    const list = Array.isArray(inner) ? inner : null;
    const subject: unknown = list ? list[0] : inner;
    const type = list ? `list of ${list.length === 0 ? 'nothing' : typeOf(subject)}` : typeOf(subject);
    lines.push(`${indent}${title}: ${type}`);
    if (subject === null || typeof subject !== 'object' || depth >= maxDepth) return;
    for (const [key, deeper] of Object.entries(subject)) add(key, deeper, depth + 1);
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value !== 'string') return typeof value;
  if (value === '') return 'empty text';
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return 'text, a time';
  if (/^https?:\/\//.test(value)) return 'text, a URL';
  if (/^\+[1-9]\d{6,14}$/.test(value)) return 'text, a phone number';
  return 'text';
}
