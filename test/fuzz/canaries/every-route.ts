import { request } from 'node:https';
import { rooms } from '../../../src/console/rooms.ts';
import { zoe } from './people.ts';
import type { PlantedService } from './planted-service.ts';

interface Knock {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Asks at every route of the service, with nothing, with a key that is wrong and with one that may not, each time bringing
 * everything that nobody may hear. Gives all answers, with their headers.
 */
export async function knockEverywhere(service: PlantedService): Promise<string[]> {
  const { url, secrets } = service;
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Record<string, object> };
  const paths = [
    ...Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((name) => [name, path])),
    ...['imports', 'imports/{token}', 'start'].map((path) => ['post', `/v1/dialers/{dialer}/${path}`]),
    ...rooms.flatMap(({ pages, actions = [], downloads = [] }) => [
      ...[...pages, ...downloads].map(({ path }) => ['get', `/console/${path}`]),
      ...actions.map(({ path }) => ['post', `/console/${path}`]),
    ]),
    ...['log-in', 'log-out', 'theme', 'oidc/callback', 'live/overview', 'assets/nothing.css'].flatMap((path) => [
      ['get', `/console/${path}`],
      ['post', `/console/${path}`],
    ]),
  ];
  const body = JSON.stringify({ ...secrets, ...zoe, phone: zoe.national, correlation_id: zoe.first });
  const proofs: Record<string, string>[] = [
    {},
    { 'x-api-key': `wrong-${secrets.SCRIPT_KEY}`, cookie: `__Host-patchbay-session=${secrets.ADMIN_PASSWORD}` },
    { authorization: `Bearer ${secrets.TOOLS_KEY}` },
  ];
  const answers: string[] = [];
  for (const [method = '', path = ''] of paths) {
    if (path === '/metrics') continue;
    for (const [index, headers] of proofs.entries()) {
      // Tools open to their own key: what they say then is not for strangers.
      if (path.includes('/tools/') && headers.authorization) continue;
      const filled = `${fill(path, secrets.INBOUND_TOKEN)}?phone=${zoe.national}&text=${zoe.first}&key=${secrets.SECRET}`;
      const knock = { method: method.toUpperCase(), path: filled, headers: { ...headers }, body };
      answers.push(await ask(url, knock, `127.0.${index}.${2 + (answers.length % 200)}`));
    }
  }
  return answers;
}

function fill(path: string, token: string): string {
  return path
    .replace('{dialer}', 'five9')
    .replace('{platform}', 'sigmamind')
    .replace('{token}', `${token}x`)
    .replace(/:\w+/g, zoe.first);
}

/** From an address of its own each time: of one that fails often, nothing is read any more. */
function ask(url: string, { method, path, headers, body }: Knock, localAddress: string): Promise<string> {
  const isGet = method === 'GET';
  const type = path.startsWith('/console') ? 'application/x-www-form-urlencoded' : 'application/json';
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), {
      ...{ method, localAddress, agent: false },
      headers: { ...headers, ...(!isGet && { 'content-type': type, 'content-length': Buffer.byteLength(body) }) },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = `${method} ${response.statusCode} ${JSON.stringify(response.headers)}\n`;
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      // The way to the log-in, and back from there, is what was asked for.
      const isBack = path.startsWith('/console') && response.statusCode === 303;
      response.on('end', () => resolve(isBack ? '' : text));
      response.on('error', reject);
    });
    sent.end(isGet ? undefined : body);
  });
}
