import { timingSafeEqual } from 'node:crypto';
import type { ConnectorDeps, ConnectorRoute, PlainAnswer } from '../../src/domain/connector.ts';
import type { Five9Config } from './config.ts';
import type { Five9Memory } from './five9.ts';

/** Where Five9 tells of an import that is through. */
export interface ImportCallback {
  url: string;
  authProfile: string | undefined;
}

interface RouteDeps {
  config: Pick<Five9Config, 'imports'>;
  deps: Pick<ConnectorDeps, 'settleSoon'>;
  memory: Pick<Five9Memory, 'openImports'>;
}

/**
 * The address that Five9 calls when an import is through. A call only brings the next look at that import forward: a lost
 * one costs time, a second one nothing, and a forged one a look.
 */
export function importRoutes({ config, deps, memory }: RouteDeps): ConnectorRoute[] {
  const { callback } = config.imports;
  if (!callback) return [];
  const { token } = callback;

  async function handle({ params, body }: Parameters<ConnectorRoute['handle']>[0]): Promise<PlainAnswer> {
    if (token !== undefined && !isSame(params.token ?? '', token)) return answer(404, 'unknown');
    for (const [identifier, { receipt }] of memory.openImports) {
      if (namesImport(body, identifier)) await deps.settleSoon(receipt);
    }
    return answer(200, 'ok');
  }

  return token === undefined
    ? [{ method: 'POST', path: 'imports', access: 'client', handle }]
    : [{ method: 'POST', path: 'imports/:token', access: 'open', knowsToken: (given) => isSame(given, token), handle }];
}

/** Null when Five9 shall not call. */
export function importCallbackOf(id: string, config: Five9Config, publicUrl: string): ImportCallback | null {
  const { callback } = config.imports;
  if (!callback) return null;
  const path = callback.token === undefined ? 'imports' : `imports/${callback.token}`;
  return { url: `${publicUrl}/v1/dialers/${id}/${path}`, authProfile: callback.authProfile };
}

/** The body's form is not documented, so an identifier that we wait for is looked for anywhere in it. */
function namesImport(body: Buffer, identifier: string): boolean {
  const text = body.toString('utf8');
  return text.includes(identifier) || text.includes(encodeURIComponent(identifier));
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function answer(status: number, body: string): PlainAnswer {
  return { status, contentType: 'text/plain', body };
}
