const keyPattern = /([{,])\s*"([A-Za-z0-9_.@-]{1,80})"\s*:/g;

/**
 * Reads `{"key":"value",…}` even when a spliced value holds quotes or line breaks: a value reaches to the next
 * `,"key":` or to the end. Nested values stay as their text; `null` counts as empty.
 *
 * @param listKey a key whose value may be a list that was spliced in between quotes: its keys count like the others
 */
export function readFlatJson(text: string, listKey = ''): [string, string][] {
  const keys = isJson(text) ? topLevelKeys(text) : likelyKeys(text, listKey);
  const lastBrace = text.lastIndexOf('}');
  return keys.map((key, index) => {
    const end = keys[index + 1]?.start ?? (lastBrace > key.end ? lastBrace : undefined);
    const raw = text.slice(key.end, end).trim();
    return [key.name, readValue(key.isInList ? raw.replace(/"\s*\}\s*"?$/, '"') : raw)];
  });
}

interface KeyPlace {
  name: string;
  start: number;
  end: number;
  isInList: boolean;
}

/** The keys of good JSON that are not inside a text or a nested value. */
function topLevelKeys(text: string): KeyPlace[] {
  const places: KeyPlace[] = [];
  let index = 0;
  let depth = 0;
  let isText = false;
  for (const match of text.matchAll(keyPattern)) {
    for (; index < match.index; index += 1) {
      const character = text[index];
      if (isText && character === '\\') index += 1;
      else if (character === '"') isText = !isText;
      else if (!isText && (character === '{' || character === '[')) depth += 1;
      else if (!isText && (character === '}' || character === ']')) depth -= 1;
    }
    if (!isText && depth === (match[1] === '{' ? 0 : 1)) places.push(placeOf(match, false));
  }
  return places;
}

/** What looks like a key where splices have broken the JSON. */
function likelyKeys(text: string, listKey: string): KeyPlace[] {
  const places: KeyPlace[] = [];
  let isInList = false;
  for (const match of text.matchAll(keyPattern)) {
    const last = places.at(-1);
    if (match[1] === '{' && last) {
      if (last.name !== listKey || !/^[\s"]*$/.test(text.slice(last.end, match.index))) continue;
      isInList = true;
    } else if (isInList && last && /\}\s*"?\s*$/.test(text.slice(last.end, match.index).slice(-20))) {
      isInList = false;
    }
    places.push(placeOf(match, isInList));
  }
  return places;
}

function placeOf(match: RegExpExecArray, isInList: boolean): KeyPlace {
  return { name: match[2] ?? '', start: match.index, end: match.index + match[0].length, isInList };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readValue(raw: string): string {
  try {
    const value: unknown = JSON.parse(raw);
    if (value === null) return '';
    return typeof value === 'string' ? value : typeof value === 'object' ? raw : String(value);
  } catch {
    return raw
      .replace(/^"/, '')
      .replace(/"$/, '')
      .replace(/[\r\n\t]+/g, ' ');
  }
}
