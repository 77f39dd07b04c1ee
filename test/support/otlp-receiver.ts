import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  kind: number;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string; attributes: Record<string, unknown> }[];
  status: { code?: number };
}

/** A receiver of OTLP over HTTP, as JSON: what a tracing system would be sent. */
export interface OtlpReceiver {
  url: string;
  spans: ReceivedSpan[];
  /** Of the process that sends: its service name. */
  resources: Record<string, unknown>[];
  headers: Record<string, unknown>[];
  /** Everything that came, as it came. */
  bodies: string[];
  /** From now on everything is answered so. */
  answerWith(status: number): void;
  stop(): Promise<void>;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}
interface Export {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: (Omit<ReceivedSpan, 'attributes' | 'links'> & Listed)[] }[];
  }[];
}
interface Listed {
  attributes: Attribute[];
  links?: { traceId: string; spanId: string; attributes: Attribute[] }[];
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const received: Pick<OtlpReceiver, 'spans' | 'resources' | 'headers' | 'bodies'> = {
    spans: [],
    resources: [],
    headers: [],
    bodies: [],
  };
  let status = 200;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (status === 200) take(body, request.headers);
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });

  function take(body: string, headers: Record<string, unknown>): void {
    received.bodies.push(body);
    received.headers.push(headers);
    for (const { resource, scopeSpans } of (JSON.parse(body) as Export).resourceSpans) {
      received.resources.push(read(resource.attributes));
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        const links = (span.links ?? []).map((link) => ({ ...link, attributes: read(link.attributes) }));
        received.spans.push({ ...span, attributes: read(span.attributes), links });
      }
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...received,
    url: `http://127.0.0.1:${port}/v1/traces`,
    answerWith(next) {
      status = next;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function read(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
}

function plain(value: Record<string, unknown>): unknown {
  const list = value.arrayValue as { values: Record<string, unknown>[] } | undefined;
  return list ? list.values.map(plain) : Object.values(value)[0];
}
