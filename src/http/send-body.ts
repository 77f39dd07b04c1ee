import type { ServerResponse } from 'node:http';

/**
 * Sends an answer in one piece. The web framework's own way asks first whether the sender has it already, and works out
 * type and charset anew for each: a live call's answer has them.
 */
export function sendBody(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  sendBody(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
}
