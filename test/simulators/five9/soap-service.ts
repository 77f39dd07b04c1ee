import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { instantOf } from '../../../src/domain/clock.ts';
import type { Five9Domain } from './five9-domain.ts';
import { type InjectedFaults, sessionClosed, takeFate, takeSoapFault } from './injected-faults.ts';
import { isOperation, operations } from './operations.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RunOperation } from './run-operation.ts';
import { readArgs } from './shapes.ts';
import { isSoapFault, soapFault } from './soap-fault.ts';
import { readRequest, writeAnswer, writeBareFault, writeFault } from './soap-message.ts';
import type { XmlElement } from './xml.ts';

/** One request to the SOAP service. `fault`: the fault's name, or what else was wrong. */
export interface SoapRequest {
  at: string;
  user: string;
  operation: string;
  body: string;
  /** 0 when the connection was cut or the answer kept back. */
  status: number;
  fault: string;
}

export interface SoapServiceDeps {
  domain: Five9Domain;
  users: readonly { name: string; password: string }[];
  faults: InjectedFaults;
  limits: RateLimits;
  run: RunOperation;
  requests: SoapRequest[];
}

const batchImports = new Set(['updateContacts', 'updateDispositions', 'deleteFromContacts']);
const wsdlFile = fileURLToPath(new URL('../../../connectors/five9/soap/five9.wsdl', import.meta.url));
const keptRequests = 20_000;

/** The WSDL by GET and the operations by POST, on every version's path. */
export function createSoapService(deps: SoapServiceDeps) {
  // Five9 serves one call at a time per user.
  const busyUsers = new Set<string>();

  async function serve(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    if (request.method === 'GET') {
      if (deps.faults.take('down', 'wsdl')) return void request.socket.destroy();
      return serveWsdl(deps, request, response);
    }
    const { operation, element, why } = readLeniently(body);
    const user = userOf(deps, request);
    const entry: SoapRequest = { at: instantOf(deps.domain.clock), user, operation, body, status: 0, fault: '' };
    deps.requests.push(entry);
    if (deps.requests.length > keptRequests) deps.requests.shift();
    const send = (status: number, type: string, text: string, fault = '') => {
      Object.assign(entry, { status, fault });
      response.writeHead(status, { ...usualHeaders(deps.domain), 'Content-Type': type }).end(text);
    };
    /** The connection ends in the middle of the answer. */
    const sendHalf = (text: string) => {
      entry.fault = 'half';
      response.writeHead(200, { ...usualHeaders(deps.domain), 'Content-Length': Buffer.byteLength(text) });
      response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
    };
    const sendXml = (status: number, text: string, fault = '') => send(status, 'text/xml;charset=UTF-8', text, fault);

    if (deps.faults.take('down', operation)) {
      entry.fault = 'down';
      return void request.socket.destroy();
    }
    if (deps.faults.take('serviceUnavailable503Html', operation)) return send(503, 'text/html', maintenancePage, '503');
    if (user === '') {
      response.setHeader('WWW-Authenticate', 'Basic realm="Five9 Web Services"');
      return send(401, 'text/html;charset=utf-8', deniedPage, '401');
    }
    if (!element) return sendXml(500, writeBareFault('env:Client', why), why);
    if (busyUsers.has(user)) {
      const fault = soapFault('UserAlreadyLoggedInFault', 'The user is already logged in');
      return sendXml(500, writeFault(fault), fault.fault.name);
    }

    busyUsers.add(user);
    try {
      // A slow server is slow on the caller's own clock, by which the caller's time-out runs.
      const slow = deps.faults.take('slow', operation);
      if (slow) await wait(slow.ms);
      const answer = await answerTo(deps, element);
      if (deps.faults.take('sessionClosedAfterEffect', operation)) throw sessionClosed(operation);
      if (deps.faults.take('half', operation)) sendHalf(answer);
      else if (deps.faults.take('timeoutAfterEffect', operation)) entry.fault = 'timeoutAfterEffect';
      else sendXml(200, answer);
    } catch (thrown) {
      if (isSoapFault(thrown)) sendXml(500, writeFault(thrown), thrown.fault.name);
      else sendXml(500, writeBareFault('env:Server', String(thrown)), String(thrown));
    } finally {
      busyUsers.delete(user);
    }
  }

  return serve;
}

async function answerTo({ domain, faults, limits, run }: SoapServiceDeps, element: XmlElement): Promise<string> {
  const injected = takeSoapFault(faults, element.name);
  if (injected) throw injected;
  if (!isOperation(element.name)) throw new Error(`Cannot find dispatch method for ${element.name}`);
  const { categories, children } = operations[element.name];
  limits.spend(categories);
  const args = readArgs(element, children, domain.switches.strict);
  const isImport = categories.some((category) => category === 'AsynchronousUpload') || batchImports.has(element.name);
  if (isImport) domain.imports.foretell(takeFate(faults, element.name));
  return writeAnswer(element.name, await run(element.name, args));
}

function readLeniently(body: string): { operation: string; element: XmlElement | null; why: string } {
  try {
    const element = readRequest(body);
    return { operation: element.name, element, why: '' };
  } catch (error) {
    return { operation: '', element: null, why: `Couldn't parse the request: ${String(error)}` };
  }
}

/** The user whose name and password are right; else empty. */
function userOf({ users }: SoapServiceDeps, request: IncomingMessage): string {
  const given = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const text = Buffer.from(given, 'base64').toString('utf8');
  return users.find(({ name, password }) => text === `${name}:${password}`)?.name ?? '';
}

function serveWsdl({ domain }: SoapServiceDeps, request: IncomingMessage, response: ServerResponse): void {
  const isAsked = /[?&]wsdl(&|=|$)/i.test(request.url ?? '');
  if (!isAsked || !existsSync(wsdlFile)) return void response.writeHead(404).end();
  response
    .writeHead(200, { ...usualHeaders(domain), 'Content-Type': 'text/xml;charset=UTF-8' })
    .end(readFileSync(wsdlFile));
}

function usualHeaders({ clock }: Five9Domain): Record<string, string> {
  return {
    Date: new Date(clock.now()).toUTCString(),
    Server: 'nginx',
    'Set-Cookie': `clientId=${randomUUID().replaceAll('-', '').toUpperCase()}`,
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'POST,GET,OPTIONS',
  };
}

const deniedPage = '<html><head><title>Error</title></head><body>HTTP Status 401 - Unauthorized<br></body></html>';
const maintenancePage = '<html><head><title>503</title></head><body><h1>Service Unavailable</h1><hr></body></html>';
