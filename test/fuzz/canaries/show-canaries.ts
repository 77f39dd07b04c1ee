import Table from 'cli-table3';
import { gatherPlaces, openFilesIn, seenAt } from './places.ts';
import { startPlantedService } from './planted-service.ts';
import { tellStory } from './story.ts';

/** Plants, tells the story, looks everywhere, and prints what was seen by place. Gives the exit code. */
export async function showCanaries(): Promise<number> {
  const service = await startPlantedService();
  try {
    const places = await gatherPlaces(service, await tellStory(service));
    const table = new Table({ head: ['place', 'characters', 'canaries', 'seen'], style: { head: [], border: [] } });
    let seen = 0;
    for (const place of places) {
      const found = seenAt(place);
      seen += found.length;
      table.push([place.name, place.text.length, place.canaries.length, found.length]);
      for (const each of found.slice(0, 10)) process.stderr.write(`${place.name}: ${each}\n`);
    }
    const open = openFilesIn(service.folder);
    for (const file of open) process.stderr.write(`open to others: ${file}\n`);
    process.stdout.write(`${table.toString()}\n`);
    process.stdout.write(`${JSON.stringify({ places: places.length, seen, openFiles: open.length })}\n`);
    return seen + open.length === 0 ? 0 : 1;
  } finally {
    await service.stop();
  }
}
