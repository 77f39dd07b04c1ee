import type { Request, Response } from 'express';
import type { Authentication, Permission } from './authenticate.ts';
import type { BodyReader } from './read-body.ts';

/** What every route is handed besides `deps`. */
export interface HttpOptions {
  authenticate(request: Pick<Request, 'headers' | 'socket'>, permission: Permission): Authentication;
  /** Answers 401 and counts the failure: 429 after too many from one address. */
  deny(request: Request, response: Response): Promise<void>;
  /** Nobody's body is read before what stands in the path and the headers was looked at. */
  readBody: BodyReader;
  observe(endpoint: string, ms: number): void;
  /** Who asks has shown who it is: its connection makes room for nobody. (Default: no connection does) */
  prove?(socket: Request['socket']): void;
  /** A number as E.164; empty when it can't be one. */
  readPhone(number: string, country: string): string;
}
