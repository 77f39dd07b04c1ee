import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Router } from 'express';
import { favicon } from './logo.ts';

interface Asset {
  contentType: string;
  body: Buffer;
  packed: Buffer;
}

interface AssetShelf {
  /** Of all of them together: an asset that names its neighbour finds the one of the same version. */
  version: string;
  assets: ReadonlyMap<string, Asset>;
}

let shelf: AssetShelf | undefined;

/** Where an asset is found; another address as soon as any of them changes. */
export function assetUrl(name: string): string {
  return `/console/assets/${assetShelf().version}/${name}`;
}

/** Sends what is on the list, from memory: nothing of a request reaches the file system. */
export function assetRoutes(): Router {
  const routes = Router();
  const { assets, version } = assetShelf();
  routes.get('/assets/:version/:name', (request, response, next) => {
    const asset = assets.get(request.params.name);
    if (!asset) return next();
    const isCurrent = request.params.version === version;
    response.type(asset.contentType).set({
      'Cache-Control': isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache',
      Vary: 'Accept-Encoding',
    });
    if (request.acceptsEncodings('gzip')) response.set('Content-Encoding', 'gzip').send(asset.packed);
    else response.send(asset.body);
  });
  return routes;
}

function assetShelf(): AssetShelf {
  shelf ??= readAssets();
  return shelf;
}

function readAssets(): AssetShelf {
  const own = (name: string) => readFileSync(new URL(`assets/${name}`, import.meta.url));
  const bodies: readonly (readonly [name: string, contentType: string, body: Buffer])[] = [
    ['style.css', 'text/css', own('style.css')],
    ['live.js', 'text/javascript', own('live.js')],
    ['idiomorph.js', 'text/javascript', readFileSync(new URL(import.meta.resolve('idiomorph')))],
    ['favicon.svg', 'image/svg+xml', Buffer.from(favicon())],
  ];
  const hash = createHash('sha256');
  for (const [, , body] of bodies) hash.update(body);
  return {
    version: hash.digest('hex').slice(0, 12),
    assets: new Map(
      bodies.map(([name, contentType, body]) => [name, { contentType, body, packed: gzipSync(body) }] as const),
    ),
  };
}
