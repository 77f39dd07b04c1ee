import type { Channel } from './channel.ts';
import { curl, setCurlOption } from './curl.ts';
import { DialplanError } from './parse-dialplan.ts';
import { splitArguments } from './split-arguments.ts';

/** What `${NAME(args)}` gives. */
export async function readFunction(channel: Channel, name: string, args: string): Promise<string> {
  switch (name) {
    case 'CALLERID':
      return pick(channel.callerId, args, name);
    case 'CONNECTEDLINE':
      return pick(channel.connectedLine, args, name);
    case 'CURL':
      return curl(channel, args);
    case 'URIENCODE':
      return uriEncode(args);
    case 'LEN':
      return String(Buffer.byteLength(args));
    case 'CUT':
      return cut(channel, args);
    case 'FILTER':
      return filter(args);
    case 'HASH': {
      const [hash = '', key = ''] = splitArguments(args, 2);
      return channel.variables.get(`~HASH~${hash}~${key}~`);
    }
    case 'JSON_DECODE':
      return jsonDecode(channel, args);
    default:
      throw new DialplanError(`no function ${name}`);
  }
}

/** What `Set(NAME(args)=value)` does. */
export function writeFunction(channel: Channel, name: string, args: string, value: string): void {
  switch (name) {
    case 'CURLOPT':
      setCurlOption(channel, args, value);
      return;
    case 'ARRAY': {
      const values = splitArguments(value);
      for (const [index, variable] of splitArguments(args).entries())
        channel.variables.set(variable.trim(), values[index] ?? '');
      return;
    }
    case 'HASH': {
      // The keys are those that the last CURL with hashcompat found.
      const values = splitArguments(value);
      const keys = channel.variables.get('~ODBCFIELDS~');
      for (const [index, key] of keys.split(',').filter(Boolean).entries())
        channel.variables.set(`~HASH~${args}~${key}~`, values[index] ?? '');
      return;
    }
    case 'PJSIP_HEADER': {
      const [action = '', header = ''] = splitArguments(args, 2);
      if (action === 'add') channel.pjsipHeaders.push([header, value]);
      else if (action === 'remove') removePjsipHeader(channel, header);
      else throw new DialplanError(`PJSIP_HEADER can't ${action} here`);
      return;
    }
    default:
      throw new DialplanError(`no function ${name} that takes a value`);
  }
}

function removePjsipHeader({ pjsipHeaders }: Channel, name: string): void {
  if (pjsipHeaders.length === 0) throw new DialplanError('no headers had been added to remove from');
  const kept = pjsipHeaders.filter(([each]) => each.toLowerCase() !== name.toLowerCase());
  pjsipHeaders.splice(0, pjsipHeaders.length, ...kept);
}

function pick(names: Channel['callerId'], part: string, name: string): string {
  if (part === 'name') return names.name;
  if (part === 'num' || part === 'number') return names.num;
  throw new DialplanError(`${name} has no ${part} here`);
}

/** Everything but letters and digits; a blank becomes a plus. */
export function uriEncode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => String.fromCharCode(byte))
    .map((letter) => {
      if (/[A-Za-z0-9]/.test(letter)) return letter;
      return letter === ' ' ? '+' : `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

/** CUT(variable or function,delimiter,range): the first argument is a name, so that its value is never parsed. */
async function cut(channel: Channel, args: string): Promise<string> {
  const [source = '', delimiter = '-', range = ''] = splitArguments(args, 3);
  const call = /^(\w+)\((.*)\)$/.exec(source);
  const value = call ? await readFunction(channel, call[1] ?? '', call[2] ?? '') : channel.variables.get(source);
  const [, from = '', dash, to = ''] = /^(\d+)(-?)(\d*)$/.exec(range) ?? [];
  if (!from) throw new DialplanError(`CUT can't read the range ${range}`);
  const end = dash ? Number(to) || Number.POSITIVE_INFINITY : Number(from);
  return value
    .split(delimiter)
    .slice(Number(from) - 1, end)
    .join(delimiter);
}

/** FILTER(allowed,text): `A-Z` is a range; a byte that is not allowed is left out. */
function filter(args: string): string {
  const comma = args.indexOf(',');
  const allowed = args.slice(0, comma).replace(/[\\\]^]/g, '\\$&');
  const set = new RegExp(`[${allowed}]`);
  return [...args.slice(comma + 1)].filter((letter) => letter <= '\u007f' && set.test(letter)).join('');
}

function jsonDecode(channel: Channel, args: string): string {
  const [variable = '', item = ''] = splitArguments(args, 2);
  try {
    const parsed: unknown = JSON.parse(channel.variables.get(variable));
    const value = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>)[item] : undefined;
    return value === undefined ? '' : String(value);
  } catch {
    return '';
  }
}
