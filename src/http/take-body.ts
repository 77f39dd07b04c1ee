import type { Request, Response } from 'express';
import type { HttpOptions } from './options.ts';
import { sendProblem } from './problem.ts';

/** Puts the bytes of the body into `request.body`. One that can't be taken is answered here, and false given. */
export async function takeBody(
  { readBody }: Pick<HttpOptions, 'readBody'>,
  request: Request,
  response: Response,
  isProven: boolean,
): Promise<boolean> {
  const reading = await readBody(request, isProven);
  switch (reading.kind) {
    case 'whole':
      request.body = reading.bytes;
      return true;
    case 'too-large':
      sendProblem(response, {
        status: 413,
        title: 'Too large',
        detail: 'The body is larger than is taken here: `server.bodyLimitKb`.',
      });
      return false;
    case 'no-room':
      response.set('Retry-After', '1');
      sendProblem(response, {
        status: 503,
        title: 'No room',
        detail: 'More is being sent at once than there is room for. Send it again.',
      });
      return false;
    case 'unknown-packing':
      sendProblem(response, {
        status: 415,
        title: 'Not read',
        detail: 'Send the body as it is, or packed by gzip, deflate or br.',
      });
      return false;
    case 'broken':
      sendProblem(response, { status: 400, title: 'Bad request', detail: `Not read: ${reading.why}.` });
      return false;
  }
}
