import Table from 'cli-table3';
import { gatherPlaces, openFilesIn, type Place, seenAt } from './places.ts';
import { startPlantedService } from './planted-service.ts';
import type { StoreKind } from './planted-store.ts';
import { tellStory } from './story.ts';

/** Plants, tells the story, looks everywhere, and prints what was seen by place, for each kind of store. Gives the exit code. */
export async function showCanaries(): Promise<number> {
  const codes = [await showWith('sqlite'), await showWith('mysql')];
  return Math.max(...codes);
}

async function showWith(store: StoreKind): Promise<number> {
  const service = await startPlantedService(store);
  try {
    const places = await gatherPlaces(service, await tellStory(service));
    const table = new Table({ head: ['place', 'characters', 'canaries', 'seen'], style: { head: [], border: [] } });
    let seen = 0;
    for (const place of places) {
      const found = seenAt(place);
      seen += found.length;
      table.push([place.name, place.text.length, place.canaries.length, found.length]);
      for (const each of found.slice(0, 10)) process.stderr.write(`${place.name}: ${each}${around(place, each)}\n`);
    }
    const open = openFilesIn(service.folder);
    for (const file of open) process.stderr.write(`open to others: ${file}\n`);
    process.stdout.write(`${table.toString()}\n`);
    process.stdout.write(`${JSON.stringify({ store, places: places.length, seen, openFiles: open.length })}\n`);
    return seen + open.length === 0 ? 0 : 1;
  } finally {
    await service.stop();
  }
}

/** Where it stands, if it stands there as it is or with signs between its digits. */
function around({ text }: Place, seen: string): string {
  const canary = seen.replace(/^[^:]*: /, '');
  const pattern = /^\d+$/.test(canary) ? [...canary].join('\\D{0,3}') : canary;
  const at = text.search(new RegExp(pattern, 'i'));
  return at < 0 ? ', not as it is' : `\n  …${text.slice(Math.max(0, at - 300), at + 100)}…`;
}
