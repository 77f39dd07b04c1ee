import { type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Channel } from './channel.ts';
import { DialplanError } from './parse-dialplan.ts';
import { splitArguments } from './split-arguments.ts';

/** One variable takes no more of an answer. */
const longestAnswer = 4095;
const knownOptions = ['conntimeout', 'httptimeout', 'httpheader', 'userpwd', 'failurecodes', 'hashcompat'];

/** Set(CURLOPT(name)=value): kept on the channel. */
export function setCurlOption(channel: Channel, name: string, value: string): void {
  if (!knownOptions.includes(name)) throw new DialplanError(`CURLOPT has no ${name} here`);
  channel.variables.set(`~CURLOPT~${name}`, value);
}

/**
 * CURL(url[,post]): a real request within the limits that were set (180 s without). A refused or silent server gives an
 * empty text, one that stops in the middle what came until then, a failure code nothing.
 */
export async function curl(channel: Channel, args: string): Promise<string> {
  const [url = '', post] = splitArguments(args, 2);
  const option = (name: string) => channel.variables.get(`~CURLOPT~${name}`);
  const seconds = (name: string) => (Number(option(name)) || 180) * 1000;
  const codes = option('failurecodes').split(',').filter(Boolean).map(Number);
  const header = option('httpheader');
  const colon = header.indexOf(':');
  const userpwd = option('userpwd');
  const headers = {
    ...(colon > 0 && { [header.slice(0, colon)]: header.slice(colon + 1).trim() }),
    ...(userpwd && { authorization: `Basic ${Buffer.from(userpwd).toString('base64')}` }),
    ...(post !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
  };
  const answer = await fetchWithin(new URL(url), post, headers, seconds('conntimeout'), seconds('httptimeout'));
  if (codes.includes(answer.status)) return '';
  const [text = ''] = answer.body.subarray(0, longestAnswer).toString('utf8').split('\0');
  const value = text.replace(/[\r\n]+$/, '');
  return option('hashcompat') === 'yes' ? forHash(channel, value) : value;
}

/** The names go into a variable that HASH() reads, the values become a list with escaped commas. */
function forHash(channel: Channel, text: string): string {
  const pairs = text ? text.split('&').map((pair) => pair.split(/=(.*)/s)) : [];
  const decode = (value = '') => decodeURIComponent(value.replaceAll('+', ' '));
  if (pairs.length > 0) channel.variables.set('~ODBCFIELDS~', pairs.map(([name]) => decode(name)).join(','));
  return pairs.map(([, value]) => decode(value).replace(/[\\,]/g, '\\$&')).join(',');
}

function fetchWithin(
  url: URL,
  post: string | undefined,
  headers: Record<string, string>,
  connectMs: number,
  answerMs: number,
): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let status = 0;
    const end = () => {
      clearTimeout(connecting);
      clearTimeout(answering);
      call.destroy();
      resolve({ status, body: Buffer.concat(chunks) });
    };
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const call: ClientRequest = send(url, { method: post === undefined ? 'GET' : 'POST', headers, agent: false });
    const connecting = setTimeout(end, Math.min(connectMs, answerMs));
    const answering = setTimeout(end, answerMs);
    call.on('socket', (socket) => socket.once('connect', () => clearTimeout(connecting)));
    call.on('error', end);
    call.on('response', (response) => {
      status = response.statusCode ?? 0;
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', end);
      response.on('error', end);
    });
    call.end(post);
  });
}
