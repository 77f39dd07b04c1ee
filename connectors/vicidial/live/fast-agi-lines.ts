import type { Socket } from 'node:net';

export interface AgiLines {
  /** The next line without its end, when it is here already: an environment comes in one piece, and costs no waiting. */
  here(): string | undefined;
  /** The next line, waited for; null when the connection is over. */
  next(): Promise<string | null>;
}

/** A reply of Asterisk to one command: `200 result=0`, `510 Invalid or unknown command`, `520-Usage…` over many lines. */
export interface AgiReply {
  code: number;
  /** The number after `result=`; null when there is none. */
  result: number | null;
}

/**
 * Lines of one AGI connection. More than `maxBytes` in all is no dialogue of ours: the connection is cut.
 *
 * Bytes are read as latin1: only ASCII in them means something to us, and one character is one byte then.
 */
export function readAgiLines(socket: Socket, maxBytes: number): AgiLines {
  const lines: string[] = [];
  let rest = '';
  let bytes = 0;
  let isOver = false;
  let wake: (() => void) | undefined;

  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      socket.destroy();
      return;
    }
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push(part.endsWith('\r') ? part.slice(0, -1) : part);
    wake?.();
  });
  const end = () => {
    isOver = true;
    wake?.();
  };
  socket.on('end', end);
  socket.on('close', end);

  return {
    here: () => lines.shift(),
    async next() {
      while (lines.length === 0 && !isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return lines.shift() ?? null;
    },
  };
}

/** The variables that Asterisk sends first (`agi_uniqueid: 1763657999.7`), up to the empty line; null when that never comes. */
export async function readAgiEnvironment(lines: AgiLines): Promise<Map<string, string> | null> {
  const environment = new Map<string, string>();
  for (;;) {
    const line = lines.here() ?? (await lines.next());
    if (line === null) return null;
    if (line === '') return environment;
    const colon = line.indexOf(':');
    if (colon > 0) environment.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
}

/** The reply to the command that was sent last; null when the connection ends before it. */
export async function readAgiReply(lines: AgiLines): Promise<AgiReply | null> {
  let openText = '';
  for (;;) {
    const line = lines.here() ?? (await lines.next());
    if (line === null) return null;
    const [, code = '', sign = ''] = /^(\d{3})([ -])/.exec(line) ?? [];
    // `520-` begins a text that only `520 ` ends. `HANGUP` comes whenever the call ends, `100 Trying` before the reply.
    if (openText && (code !== openText || sign === '-')) continue;
    if (sign === '-') openText = code;
    if (sign !== ' ' || code.startsWith('1')) continue;
    const result = /^\d{3} result=(-?\d+)/.exec(line)?.[1];
    return { code: Number(code), result: result === undefined ? null : Number(result) };
  }
}
