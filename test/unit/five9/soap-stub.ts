import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StubAnswer {
  status?: number;
  /** Content of the SOAP body, or the whole body when `isRaw`. */
  body: string;
  isRaw?: boolean;
  delayMs?: number;
  /** Always says a little more, and never ends. */
  trickles?: boolean;
}

/** A server that answers each SOAP request as it is told, and keeps what it got: for what no simulator does. */
export async function startSoapStub(answer: (operation: string, xml: string, user: string) => StubAnswer) {
  const requests: { operation: string; xml: string; user: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  let inFlight = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const xml = Buffer.concat(chunks).toString();
    const operation = /<soap:Body><tns:(\w+)/.exec(xml)?.[1] ?? '';
    const basic = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
    const user = basic.split(':')[0] ?? '';
    requests.push({ operation, xml, user, headers: request.headers });
    inFlight += 1;
    most = Math.max(most, inFlight);
    const { status = 200, body, isRaw, delayMs = 0, trickles = false } = answer(operation, xml, user);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    inFlight -= 1;
    response.writeHead(status, { 'content-type': isRaw ? 'text/html' : 'text/xml;charset=UTF-8' });
    if (!trickles) return void response.end(isRaw ? body : envelope(body));
    const drip = setInterval(() => response.write(' '), 50);
    response.once('close', () => clearInterval(drip));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    mostAtOnce: () => most,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An answer element as Five9 writes it. */
export function answerXml(operation: string, content: string): string {
  return `<ns2:${operation}Response xmlns:ns2="http://service.admin.ws.five9.com/">${content}</ns2:${operation}Response>`;
}

export function faultXml(name: string, members = ''): StubAnswer {
  const detail = `<ns1:${name}Fault xmlns:ns1="http://service.admin.ws.five9.com/"><message>no</message>${members}</ns1:${name}Fault>`;
  return {
    status: 500,
    body: `<env:Fault><faultcode>env:Server</faultcode><faultstring>no</faultstring><detail>${detail}</detail></env:Fault>`,
  };
}

function envelope(body: string): string {
  return `<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Header/><env:Body>${body}</env:Body></env:Envelope>`;
}
