import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zoe } from './people.ts';

export interface GossipServer {
  url: string;
  /** How often it was asked. */
  asked(): number;
  stop(): Promise<void>;
}

/**
 * A dialer, or the platform, that tells in its errors everything it was told: the log-in, the request, and a person. One
 * answer in turn is a SOAP fault, a VICIdial error, a PHP page, JSON, a broken connection.
 */
export async function startGossipServer(): Promise<GossipServer> {
  let asked = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    asked += 1;
    const basic = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
    const told = `${JSON.stringify(request.headers)} ${basic} ${body} ${zoe.first} ${zoe.last} ${zoe.national}`;
    const xml = told.replace(/[<&]/g, ' ');
    const answers = [
      () =>
        response
          .writeHead(500, { 'content-type': 'text/xml' })
          .end(
            `<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body><env:Fault><faultcode>env:Server</faultcode><faultstring>${xml}</faultstring><detail><ns1:UnexpectedFault xmlns:ns1="http://service.admin.ws.five9.com/"><message>${xml}</message><campaignName>Spring</campaignName></ns1:UnexpectedFault></detail></env:Fault></env:Body></env:Envelope>`,
          ),
      () => response.end(`ERROR: Invalid argument ${told} - |${told}|\n`),
      () => response.writeHead(500, { 'content-type': 'text/html' }).end(`<b>Fatal error</b>: ${told}`),
      () =>
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: told, message: told })),
      () => request.socket.destroy(),
    ];
    answers[asked % answers.length]?.();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
