import { strToU8, zipSync } from 'fflate';
import { messageOf } from '../../domain/errors.ts';
import type { BundleContent, BundlePart } from './bundle-parts.ts';
import type { RedactionGate } from './redaction-gate.ts';

export interface Bundle {
  /** A ZIP. */
  bytes: Uint8Array;
  /** What is in it. */
  names: readonly string[];
  /** What is not, and why. */
  missing: readonly { name: string; why: string }[];
}

/** Reads every part, and packs what comes through the gate. A part that can't be had is named, and ends nothing. */
export async function makeBundle(parts: readonly BundlePart[], gate: RedactionGate, madeAt: string): Promise<Bundle> {
  const files: Record<string, Uint8Array> = {};
  const lines: string[] = [];
  const missing: { name: string; why: string }[] = [];
  for (const part of parts) {
    const content = await readPart(part);
    if (content.kind === 'missing') {
      missing.push({ name: part.name, why: gate.text(content.why) });
      continue;
    }
    files[part.name] = strToU8(redacted(content, gate));
    lines.push(`${part.name}: ${part.about}.`);
  }
  const readme = readmeOf(lines, missing, madeAt);
  files['README.txt'] = strToU8(gate.text(readme));
  return { bytes: zipSync(files, { level: 9 }), names: Object.keys(files).sort(), missing };
}

async function readPart({ read }: BundlePart): Promise<BundleContent> {
  try {
    return await read();
  } catch (error) {
    return { kind: 'missing', why: messageOf(error) };
  }
}

/** Plain data goes through value by value, keys among them, so that it stays JSON and its counts stay counts. */
function redacted(content: Exclude<BundleContent, { kind: 'missing' }>, gate: RedactionGate): string {
  switch (content.kind) {
    case 'data':
      return `${JSON.stringify(gate.value(content.value), null, 2)}\n`;
    case 'text':
      return gate.text(content.text);
    case 'metrics':
      return gate.metrics(content.text);
  }
}

function readmeOf(lines: readonly string[], missing: Bundle['missing'], madeAt: string): string {
  return [
    `A support bundle of Patchbay, made ${madeAt}.`,
    '',
    'Secrets of the configuration read [secret], whatever can be a phone number reads [number], and words in which',
    'either was encoded read [hidden]. No lead, transcript, recording or summary of a call is in here. Look through it',
    'all the same before you send it.',
    '',
    ...lines,
    ...(missing.length > 0 ? ['', 'Not in here:', ...missing.map(({ name, why }) => `${name}: ${why}`)] : []),
    '',
  ].join('\n');
}
