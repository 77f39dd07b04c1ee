import type { Response } from 'express';

export interface Problem {
  status: number;
  title: string;
  /** What the caller can do. */
  detail: string;
}

/** Answers with `application/problem+json` (RFC 9457). */
export function sendProblem(response: Response, problem: Problem): void {
  response
    .status(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', ...problem }));
}
