import { afterAll, beforeAll, expect, it } from 'vitest';
import { optionsTables } from '../../config/options-table.ts';
import { connectors } from '../../connectors/index.ts';
import { makeSecrets } from '../fuzz/canaries/people.ts';
import { gatherPlaces, openFilesIn, type Place, seenAt } from '../fuzz/canaries/places.ts';
import { plantedConfig } from '../fuzz/canaries/planted-config.ts';
import { type PlantedService, startPlantedService } from '../fuzz/canaries/planted-service.ts';
import { tellStory } from '../fuzz/canaries/story.ts';

// The short form of `npm run fuzz -- --canaries`.
let service: PlantedService;
let places: Place[];

beforeAll(async () => {
  service = await startPlantedService();
  places = await gatherPlaces(service, await tellStory(service), { isShort: true });
}, 120_000);
afterAll(() => service?.stop());

it('no secret, number or name that was planted shows where it is not meant', () => {
  expect(places.flatMap((place) => seenAt(place).map((seen) => `${place.name}: ${seen}`))).toEqual([]);
});

it('there was something to see: the service was asked, asked others, and told of it', () => {
  const lengthOf = (name: string) => places.find((place) => place.name === name)?.text.length ?? 0;

  expect(service.asked()).toBeGreaterThan(10);
  expect(lengthOf('log at trace')).toBeGreaterThan(10_000);
  expect(lengthOf('console as viewer')).toBeGreaterThan(50_000);
  expect(places.every(({ text, canaries }) => text.length > 200 && canaries.length > 10)).toBe(true);
});

it('every option that is marked as a secret is planted with one', async () => {
  const marked = [...optionsTables(connectors).matchAll(/^\| `([^`]+)` \| [^|]*Secret\. \|/gm)].map(([, key]) => key);
  const places = { folder: '/nowhere', port: 1, agiPort: 2, storePort: 3, gossip: 'http://a', traces: 'http://b' };
  const planted = secretPaths(await plantedConfig({ ...places, secrets: makeSecrets() }));

  const bare = marked.filter((key = '') => {
    const pattern = new RegExp(
      `(^|\\.)${key.replaceAll('[]', '').replaceAll('.', '\\.').replaceAll('<name>', '[^.]+')}$`,
    );
    return !planted.some((path) => pattern.test(path) || pattern.test(path.replace(/\.[^.]+$/, '')));
  });
  expect(marked.length).toBeGreaterThan(12);
  expect(bare).toEqual([]);
});

/** Where a canary stands, or the hash of one: `clients.script.keys`. */
function secretPaths(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value === 'string') return /\$\{[A-Z0-9_]+\}|^[0-9a-f]{64}$|^\$argon2/.test(value) ? [path.join('.')] : [];
  if (Array.isArray(value)) return value.flatMap((entry) => secretPaths(entry, path));
  return Object.entries(value ?? {}).flatMap(([key, entry]) => secretPaths(entry, [...path, key]));
}

it('the measure sees what it is to see', () => {
  for (const place of places) {
    for (const canary of place.canaries) {
      expect(seenAt({ ...place, text: `said ${canary.text} by mistake` })).toHaveLength(1);
    }
  }
});

it('nobody else on the machine can read what lies in its folder', () => {
  expect(openFilesIn(service.folder)).toEqual([]);
});
