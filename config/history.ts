import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { replaceFile } from './write-file.ts';

export const HistoryConfig = z
  .strictObject({
    folder: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Folder for the configurations that were in use, as their files had them; it is made. Of one service alone. (Default: beside the spool's, by its name and -configurations)",
      ),
    keep: z.int().min(2).max(1000).default(50).describe('How many are kept.'),
  })
  .prefault({})
  .describe('Configurations of the past: what `patchbay config` lists and goes back to.');

const KeptConfiguration = z.object({
  version: z.string(),
  at: z.string(),
  by: z.string(),
  /** As the file had it, references to the environment included. */
  text: z.string(),
  /** False: it lay there, and was put aside before any process took it up. */
  isUsed: z.boolean(),
});

/** A configuration of this machine's past. */
export type KeptConfiguration = z.infer<typeof KeptConfiguration>;

export interface ConfigHistory {
  /** Where they lie. */
  folder: string;
  /** The latest first. What can't be read is left out. */
  list(): Promise<KeptConfiguration[]>;
  /** Keeps one, unless it is the same as the latest. */
  keep(configuration: KeptConfiguration): Promise<void>;
}

export interface HistorySettings {
  history: { folder?: string | undefined; keep: number };
  spool: { folder: string };
}

const Folder = z.string().min(1).optional().catch(undefined);
const Places = z
  .object({
    history: z.object({ folder: Folder }).catch({ folder: undefined }),
    spool: z.object({ folder: Folder }).catch({ folder: undefined }),
  })
  .catch({ history: { folder: undefined }, spool: { folder: undefined } });

/** Where a configuration with faults keeps its history: what can still be read of it, and the usual places for the rest. */
export function historyPlaces(value: unknown): HistorySettings {
  const { history, spool } = Places.parse(value);
  return { history: { folder: history.folder, keep: 50 }, spool: { folder: spool.folder ?? 'var/spool' } };
}

/**
 * A file for each, readable for this user alone: a secret may be written out in it. Each service has a spool of its own, and so
 * a history: going back must not bring the configuration of another.
 */
export function configHistory({ history, spool }: HistorySettings): ConfigHistory {
  const { keep: most, folder = `${resolve(spool.folder)}-configurations` } = history;

  async function names(): Promise<string[]> {
    const found = await readdir(folder).catch(() => []);
    return found
      .filter((name) => name.endsWith('.json'))
      .sort()
      .reverse();
  }

  async function read(name: string): Promise<KeptConfiguration[]> {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    const kept = KeptConfiguration.safeParse(parsed(text));
    return kept.success ? [kept.data] : [];
  }

  return {
    folder,
    async list() {
      return (await Promise.all((await names()).map(read))).flat();
    },
    async keep(configuration) {
      const { version, at, text } = configuration;
      const present = await names();
      const [latest] = present[0] ? await read(present[0]) : [];
      if (latest?.version === version && latest.text === text && (latest.isUsed || !configuration.isUsed)) return;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = join(folder, `${at.replaceAll(':', '-')}-${version}.json`);
      await replaceFile(file, `${JSON.stringify(configuration)}\n`, 0o600);
      for (const name of present.slice(most - 1)) await rm(join(folder, name), { force: true });
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
