/** What a Dial makes of the extension: `+${EXTEN:4}`, `1${EXTEN:5}`, `${EXTEN:-11}`. Digits only; null when it can't be told. */
export function calledNumber(user: string, extension: string): string | null {
  const filled = user.replace(/\$\{EXTEN(?::(-?\d+))?(?::(-?\d+))?\}/g, (_, from?: string, length?: string) => {
    const rest = extension.slice(Number(from ?? 0));
    return length === undefined ? rest : rest.slice(0, Number(length));
  });
  return filled.includes('${') ? null : filled.replace(/\D/g, '');
}

/** `PLATFORM = SIP/platform` of the carriers' globals: name → value. */
export function readGlobals(texts: readonly string[]): Map<string, string> {
  const pairs = texts
    .flatMap((text) => text.split(/\r?\n/))
    .flatMap((line) => {
      // A carrier's text may have thousands of blanks: no part of the expression may share them with another.
      const [, name = '', value = ''] = /^(\w+)\s*=>?(.*)$/.exec(line.trim()) ?? [];
      return name ? [[name, (value.split(';', 1)[0] ?? '').trim()] as const] : [];
    });
  return new Map(pairs);
}

/** Puts in the globals that are known. */
export function fillGlobals(text: string, globals: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => globals.get(name) ?? whole);
}
