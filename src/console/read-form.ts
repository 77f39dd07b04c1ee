import express, { type Request, type Response } from 'express';

/** Reads the fields of a form into `request.body`. Rejects when it is too large or broken. */
export type FormReader = (request: Request, response: Response) => Promise<void>;

/** A form is read by who has looked at its sender first: a stranger's takes no memory. */
export function createFormReader(limit: string): FormReader {
  const parse = express.urlencoded({ extended: false, limit, parameterLimit: 2000 });
  return (request, response) =>
    new Promise((resolve, reject) => {
      parse(request, response, (error?: unknown) => {
        if (error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
}
