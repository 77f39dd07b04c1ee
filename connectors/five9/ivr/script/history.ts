import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { ConnectorDeps } from '../../../../src/domain/connector.ts';
import { readXml, type XmlNode } from '../xml.ts';
import { contentOf } from './diff.ts';
import type { ScriptDefinition } from './script-operations.ts';

/** What we did to a script, so that it can be taken back. */
export interface ScriptHistory {
  /** What was there before each of our writes, the oldest first; null: there was no script. */
  before: (Omit<ScriptDefinition, 'name'> | null)[];
  /** What Five9 held after our last write, and whether that was a script of ours; null when we wrote none. */
  left: { digest: string; isOurs: boolean } | null;
  /** A write was begun, and how it ended is not known yet. */
  isUnderWay: boolean;
}

export const nothingDone: ScriptHistory = { before: [], left: null, isUnderWay: false };

type Deps = Pick<ConnectorDeps, 'readCursor' | 'writeCursor'>;

/** The first state is always kept, and so many of the latest. */
const mostLatest = 9;

const Kept = z.object({
  before: z.array(z.object({ description: z.string(), xml: z.string() }).nullable()),
  left: z.object({ digest: z.string(), isOurs: z.boolean() }).nullable(),
  isUnderWay: z.boolean(),
});

export async function readHistory(deps: Deps, dialer: string, script: string): Promise<ScriptHistory> {
  const kept = await deps.readCursor(cursorName(dialer, script));
  if (!kept) return nothingDone;
  return Kept.parse(JSON.parse(gunzipSync(Buffer.from(kept, 'base64')).toString('utf8')));
}

export async function writeHistory(deps: Deps, dialer: string, script: string, history: ScriptHistory): Promise<void> {
  const [first, ...others] = history.before;
  const before = first === undefined ? [] : [first, ...others.slice(-mostLatest)];
  const text = JSON.stringify({ ...history, before });
  await deps.writeCursor(cursorName(dialer, script), gzipSync(text).toString('base64'));
}

/** Of what a script does: neither ids and places nor the way in which it is written count. */
export function digestOf(root: XmlNode): string {
  return createHash('sha256')
    .update(JSON.stringify(contentOf(root)))
    .digest('hex')
    .slice(0, 32);
}

export function digestOfXml(xml: string): string {
  return digestOf(readXml(xml));
}

function cursorName(dialer: string, script: string): string {
  return `ivr-script:${dialer}:${script}`;
}
