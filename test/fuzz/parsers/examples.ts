import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../../', import.meta.url);

/** A file of the project as text. */
export function example(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

/** Every file of a folder as text. */
export function examplesIn(folder: string, ending = ''): string[] {
  return readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith(ending))
    .map((name) => example(`${folder}/${name}`));
}

/** A day, on whose clocks everything is read. */
export const now = Date.parse('2026-03-02T15:00:00.000Z');
export const zone = 'America/Denver';
