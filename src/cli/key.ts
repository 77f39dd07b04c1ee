import { createHash, randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import type { CliContext } from './context.ts';

export function addKeyCommand(program: Command, context: CliContext): void {
  program
    .command('key')
    .description('make an API key for a client: the key for the client, its hash for the configuration')
    .option('--json', 'one JSON line')
    .action((options: { json?: boolean }) => {
      const key = createKey();
      if (options.json) return context.out(JSON.stringify(key));
      context.out(`key     ${key.key}`);
      context.out(`sha256  ${key.sha256}`);
      context.out(
        'Give the key to the client, and put the hash under clients.<name>.keys. The key is shown only here.',
      );
    });
}

/** A random key (256 bits) and what the configuration holds of it. */
export function createKey(): { key: string; sha256: string } {
  const key = `pb_${randomBytes(32).toString('base64url')}`;
  return { key, sha256: createHash('sha256').update(key).digest('hex') };
}
