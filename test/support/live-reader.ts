export interface LiveEvent {
  event: string;
  data: unknown;
}

export interface LiveReader {
  status: number;
  /** What was sent so far, without the signs that the other side is there. */
  events: LiveEvent[];
  /** The newest markup of each part. */
  parts: Map<string, string>;
  /** Resolves when the other side ended it. */
  ended: Promise<void>;
  close(): void;
}

/** Reads the live parts of a page, as a browser would. */
export async function readLive(
  base: string,
  page: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<LiveReader> {
  const abort = new AbortController();
  const url = `${base}/console/live?page=${encodeURIComponent(page)}`;
  const response = await fetch(url, { signal: abort.signal, headers });
  const events: LiveEvent[] = [];
  const parts = new Map<string, string>();
  const read = async () => {
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        take(text.slice(0, end));
        text = text.slice(end + 2);
      }
    }
  };
  return { status: response.status, events, parts, ended: read().catch(() => undefined), close: () => abort.abort() };

  function take(block: string): void {
    const [, event] = /^event: (.*)$/m.exec(block) ?? [];
    const [, data] = /^data: (.*)$/m.exec(block) ?? [];
    if (!event || event === 'here' || data === undefined) return;
    events.push({ event, data: JSON.parse(data) });
    if (event !== 'parts') return;
    for (const [id, markup] of JSON.parse(data) as [string, string][]) parts.set(id, markup);
  }
}
