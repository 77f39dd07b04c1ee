import type { Request } from 'express';
import type { PlainRequest } from '../domain/connector.ts';
import { queryOf } from './read-variables.ts';

/** A request as plain data, with its raw bytes. */
export function plainRequest(request: Request): PlainRequest {
  const headers: Record<string, string> = {};
  // `request.headers` keeps only the first of some doubled ones: who proves a sender by a header must see them all.
  for (const [name, values] of Object.entries(request.headersDistinct)) headers[name] = (values ?? []).join(', ');
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.params))
    params[name] = Array.isArray(value) ? value.join('/') : String(value);
  return {
    method: request.method,
    params,
    query: Object.fromEntries(new URLSearchParams(queryOf(request.url))),
    headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}
