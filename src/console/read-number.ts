import type { ConsoleDeps } from './console-deps.ts';

/** A number in any writing as E.164, by the countries of the dialers; empty when it is none, or could be two. */
export function readNumber({ dialers, readPhone }: ConsoleDeps, told: string): string {
  const countries = new Set([...dialers.values()].map(({ settings }) => settings.country));
  const read = new Set([...countries].map((country) => readPhone(told, country)).filter(Boolean));
  const [phone = ''] = read;
  return read.size === 1 ? phone : '';
}
