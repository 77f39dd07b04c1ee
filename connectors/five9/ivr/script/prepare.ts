import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { Five9 } from '../../five9.ts';
import { readXml, type XmlNode } from '../xml.ts';
import { diffScripts, type ScriptDifference } from './diff.ts';
import { emptyFrame } from './frame.ts';
import { type GeneratedScript, generateScript, nameOf } from './generate.ts';
import { isMarked } from './install.ts';
import type { ScriptInput } from './plan.ts';
import type { ScriptDefinition, ScriptOperations } from './script-operations.ts';
import { learnSeed, mergeSeeds, type Seed } from './seed.ts';

/** A script as it would be installed, beside what Five9 has. */
export interface PreparedScript {
  name: string;
  there: ScriptDefinition | null;
  /** Fills a frame, as Five9 gives one for a new script. */
  make(frame: XmlNode): GeneratedScript;
  difference: ScriptDifference;
  blanks: GeneratedScript['blanks'];
}

/** Makes the script of a campaign, with ids from the seed, the domain, and what was chosen by hand in a script of ours. */
export async function prepareScript(
  five9: Pick<Five9, 'id' | 'config' | 'deps'>,
  operations: ScriptOperations,
  wanted: Pick<ScriptInput, 'campaign' | 'part'>,
  seed: Seed | undefined,
): Promise<PreparedScript> {
  const { id, config, deps } = five9;
  const name = nameOf({ config, ...wanted });
  const there = await operations.find(name);
  const learned = there && isMarked(there) ? mergeSeeds(seed, learnSeed(readXml(there.xml))) : seed;
  const skills = await operations.skills();
  const input = { id, config, publicUrl: deps.publicUrl, ...wanted, seed: learned, skills };
  const make = (frame: XmlNode) => generateScript({ ...input, frame });
  const { root, blanks } = make(there ? readXml(there.xml) : emptyFrame());
  const difference = diffScripts(there ? readXml(there.xml) : null, root);
  return { name, there, make, difference, blanks };
}

/**
 * What the domain's own seed script tells; undefined when none is configured.
 *
 * @throws ConnectorError `not_found` when the domain does not have it
 */
export async function seedOfDomain({ config }: Pick<Five9, 'config'>, operations: ScriptOperations) {
  const { seedScript } = config.ivr;
  if (!seedScript) return undefined;
  const found = await operations.find(seedScript);
  if (found) return learnSeed(readXml(found.xml));
  throw new ConnectorError('not_found', `Five9 has no script "${seedScript}" to learn from`, {
    hint: 'Make it as `script --how-to-seed` says, or correct ivr.seedScript.',
  });
}
