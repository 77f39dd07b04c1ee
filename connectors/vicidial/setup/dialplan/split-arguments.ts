/** Arguments at the commas outside of brackets and quotes: `SIP/p/${EXTEN:4},55,To` gives three. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (letter === '\\') {
      part += letter + (text[at + 1] ?? '');
      at += 1;
      continue;
    }
    if (letter === '"') isQuoted = !isQuoted;
    if (!isQuoted && '([{'.includes(letter)) depth += 1;
    if (!isQuoted && ')]}'.includes(letter)) depth -= 1;
    if (letter === ',' && depth === 0 && !isQuoted) {
      parts.push(part);
      part = '';
    } else part += letter;
  }
  return [...parts, part].map((each) => each.trim());
}
