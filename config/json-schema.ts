import { z } from 'zod';
import type { ConnectorRegistry } from './registry.ts';
import { configSchema } from './schema.ts';

/** The configuration's JSON Schema, by which editors complete and check a file while it is written. */
export function jsonSchema(registry: ConnectorRegistry): string {
  const schema = z.toJSONSchema(configSchema(registry), {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    override({ jsonSchema: part }) {
      const marked = part as typeof part & { secret?: boolean; outcomeCode?: boolean };
      delete marked.outcomeCode;
      if (marked.secret !== true) return;
      delete marked.secret;
      marked.writeOnly = true;
    },
  });
  return `${JSON.stringify({ ...schema, title: 'Patchbay configuration' }, null, 2)}\n`;
}
