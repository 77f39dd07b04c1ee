import { z } from 'zod';
import type { Five9Api } from '../../soap/api.ts';

/** A script as Five9 keeps it. */
export interface ScriptDefinition {
  name: string;
  description: string;
  /** XML. */
  xml: string;
}

const text = z.preprocess((value) => (typeof value === 'string' ? value : ''), z.string());
const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value : value == null ? [] : [value]), z.array(item));

const Definition = z
  .object({ name: text, description: text, xmlDefinition: text })
  .transform(({ name, description, xmlDefinition }) => ({ name, description, xml: xmlDefinition }));
const Skills = listOf(z.object({ name: text, id: z.preprocess((id) => String(id ?? ''), z.string()) }));

/** The operations on IVR scripts. */
export type ScriptOperations = ReturnType<typeof createScriptOperations>;

export function createScriptOperations(api: Pick<Five9Api, 'call'>) {
  return {
    /** The script of exactly this name; null when there is none. */
    async find(name: string): Promise<ScriptDefinition | null> {
      const found = await api.call('getIVRScripts', { namePattern: exactPattern(name) }, listOf(Definition));
      return found.find((definition) => definition.name === name) ?? null;
    },
    /** The scripts of exactly these names, as far as there are such, by name. */
    async findAll(names: readonly string[]): Promise<Map<string, ScriptDefinition>> {
      if (names.length === 0) return new Map();
      const namePattern = `^(?:${names.map(escaped).join('|')})$`;
      const found = await api.call('getIVRScripts', { namePattern }, listOf(Definition));
      return new Map(found.filter(({ name }) => names.includes(name)).map((one) => [one.name, one]));
    },
    /** The scripts whose names fit a Java pattern as a whole. (Default: all) */
    matching: (pattern = '.*'): Promise<ScriptDefinition[]> =>
      api.call('getIVRScripts', { namePattern: `^(?:${pattern})$` }, listOf(Definition)),
    /** Makes an empty script, and gives the definition that Five9 made for it. */
    create: (name: string): Promise<ScriptDefinition> => api.call('createIVRScript', { name }, Definition),
    async modify({ name, description, xml }: ScriptDefinition): Promise<void> {
      const scriptDef = { description, name, xmlDefinition: xml };
      await api.call('modifyIVRScript', { scriptDef }, z.unknown());
    },
    async remove(name: string): Promise<void> {
      await api.call('deleteIVRScript', { name }, z.unknown());
    },
    /** Ids by skill. */
    async skills(): Promise<Map<string, string>> {
      const skills = await api.call('getSkills', {}, Skills);
      return new Map(skills.filter(({ id }) => id !== '').map(({ name, id }) => [name, id]));
    },
  };
}

/** Five9 reads names as Java patterns, and may look for them anywhere in a name. */
function exactPattern(name: string): string {
  return `^${escaped(name)}$`;
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
