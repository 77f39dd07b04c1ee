import type { Channel } from './channel.ts';
import { readFunction } from './functions.ts';
import { DialplanError } from './parse-dialplan.ts';
import { callOf } from './split-arguments.ts';

/** Replaces `${…}` and `$[…]`, the inner ones first. A value that was put in is not looked at again. */
export async function substitute(channel: Channel, text: string): Promise<string> {
  let result = '';
  for (let at = 0; at < text.length; ) {
    const opening = text.slice(at, at + 2);
    if (opening !== '${' && opening !== '$[') {
      result += text[at];
      at += 1;
      continue;
    }
    const end = closingAt(text, at + 2, opening === '${' ? '{}' : '[]');
    const inside = await substitute(channel, text.slice(at + 2, end));
    result += opening === '${' ? await lookUp(channel, inside) : evaluate(inside);
    at = end + 1;
  }
  return result;
}

function closingAt(text: string, from: number, [open, close]: string): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === open) depth += 1;
    else if (text[at] === close) depth -= 1;
    if (depth === 0) return at;
  }
  throw new DialplanError(`a bracket is not closed: ${text}`);
}

/** `NAME`, `NAME(args)`, and either with `:offset:length` behind it. */
async function lookUp(channel: Channel, text: string): Promise<string> {
  const { name, offset, length } = withSlice(text);
  const call = callOf(name);
  const value = call ? await readFunction(channel, call.name, call.args) : variableOf(channel, name);
  if (offset === null) return value;
  const bytes = Buffer.from(value);
  const start = offset < 0 ? Math.max(0, bytes.length + offset) : offset;
  const end = length === null ? bytes.length : length < 0 ? bytes.length + length : start + length;
  return bytes.subarray(start, Math.max(start, end)).toString();
}

/** The first colon outside brackets begins the slice, whoever put it there. */
function withSlice(text: string): { name: string; offset: number | null; length: number | null } {
  let depth = 0;
  for (const [at, letter] of [...text].entries()) {
    if (letter === '(') depth += 1;
    else if (letter === ')') depth -= 1;
    else if (letter === ':' && depth === 0) {
      const [offset = '', length] = [...text]
        .slice(at + 1)
        .join('')
        .split(':');
      const name = [...text].slice(0, at).join('');
      return {
        name,
        offset: Number.parseInt(offset, 10) || 0,
        length: length ? Number.parseInt(length, 10) || 0 : null,
      };
    }
  }
  return { name: text, offset: null, length: null };
}

function variableOf(channel: Channel, name: string): string {
  switch (name) {
    case 'EXTEN':
      return channel.extension;
    case 'UNIQUEID':
      return channel.uniqueid;
    case 'CHANNEL':
      return channel.name;
    case 'CONTEXT':
      return channel.context;
    default:
      return channel.variables.get(name);
  }
}

/** One comparison. What can't be read is said in Asterisk's log, and counts as nothing. */
function evaluate(expression: string): string {
  const match = /^\s*("[^"]*"|\S+)\s*(=|!=|>=|<=|>|<)\s*("[^"]*"|\S+)\s*$/.exec(expression);
  if (!match) return '';
  const [, left = '', operator = '', right = ''] = match;
  const areNumbers = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
  const order = areNumbers ? Number(left) - Number(right) : left < right ? -1 : left > right ? 1 : 0;
  const isTrue = {
    '=': order === 0,
    '!=': order !== 0,
    '>': order > 0,
    '<': order < 0,
    '>=': order >= 0,
    '<=': order <= 0,
  }[operator];
  return isTrue ? '1' : '0';
}
