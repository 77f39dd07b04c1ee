import type { Call } from '../domain/call.ts';
import type { Dialer } from '../domain/dialer.ts';
import { type Mapping, settingsByMapping } from '../domain/mapping.ts';
import type { DialerSettings } from '../domain/settings.ts';
import type { Deps } from './deps.ts';

/** Mappings with which calls began, by version. What is kept under one never changes, so each is read once. */
export interface MappingShelf {
  /** Undefined while nobody has read it here. */
  known(version: string): Mapping | undefined;
  /** Null when none is kept. Rejects while the store is away. */
  read(version: string): Promise<Mapping | null>;
}

/** A site has few at a time: those of the calls that go on. */
const mostKept = 50;

export function createMappingShelf(read: (version: string) => Promise<Mapping | null>): MappingShelf {
  const shelf = new Map<string, Mapping>();
  return {
    known: (version) => shelf.get(version),
    async read(version) {
      const mapping = await read(version);
      if (mapping && shelf.size >= mostKept) shelf.clear();
      if (mapping) shelf.set(version, mapping);
      return mapping;
    },
  };
}

type ShelfDeps = Pick<Deps, 'mapping' | 'mappings' | 'memory' | 'gate'>;

/** The store answers such a question in a millisecond; a call that waits for longer is answered by today's mapping. */
const readMs = 250;

/** What the dialer's scripts are answered for this call: its settings, with the mapping that the call began with. */
export async function settingsOfCall(
  deps: ShelfDeps,
  { id, settings }: Pick<Dialer, 'id' | 'settings'>,
  call: Pick<Call, 'correlationId' | 'mapping'> | null | undefined,
): Promise<DialerSettings> {
  // The registration of a call that just began may be on its way to the store.
  const version = call?.mapping ?? deps.memory.call(call?.correlationId ?? '')?.mapping ?? '';
  if (version === '' || version === deps.mapping.version) return settings;
  const mapping = deps.mappings.known(version) ?? (await readInTime(deps, version));
  return mapping ? ofMapping(settings, mapping, id) : settings;
}

async function readInTime({ gate, mappings }: ShelfDeps, version: string): Promise<Mapping | null> {
  const answer = await gate.read(readMs, () => mappings.read(version));
  return answer.kind === 'answer' ? answer.value : null;
}

const made = new WeakMap<DialerSettings, WeakMap<Mapping, DialerSettings>>();

/** Of many calls that began with one mapping, each asks several times. */
function ofMapping(settings: DialerSettings, mapping: Mapping, dialer: string): DialerSettings {
  const byMapping = made.get(settings) ?? new WeakMap<Mapping, DialerSettings>();
  made.set(settings, byMapping);
  const known = byMapping.get(mapping);
  if (known) return known;
  const fresh = settingsByMapping(settings, mapping[dialer]);
  byMapping.set(mapping, fresh);
  return fresh;
}
