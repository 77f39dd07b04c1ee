import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const Service = z.object({
  build: z.union([z.string(), z.object({ target: z.string() })]).optional(),
  image: z.string(),
  profiles: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
});
const Compose = z.object({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.unknown()) });

const { services, volumes } = Compose.parse(parse(read('docker-compose.yml'), { merge: true }));
const dockerfile = read('Dockerfile');

describe('docker-compose.yml', () => {
  it('runs two Patchbays, each with a folder of its own', () => {
    const folders = ['patchbay-1', 'patchbay-2'].map((name) => services[name]?.volumes.at(-1));

    expect(folders).toEqual(['patchbay-1:/var/lib/patchbay', 'patchbay-2:/var/lib/patchbay']);
  });

  it('opens nothing to the world unless it is told to', () => {
    const open = Object.values(services).flatMap(({ ports }) => ports);

    expect(open.filter((port) => !/^(127\.0\.0\.1|\$\{\w+:-127\.0\.0\.1\}):/.test(port))).toEqual([]);
  });

  it('lets what is ours write nowhere but into its volumes, and do nothing that root may', () => {
    const ours = Object.entries(services).filter(([, { build }]) => build !== undefined);

    expect(ours.map(([name]) => name).sort()).toEqual([
      'call-centre',
      'demo-site',
      'patchbay-1',
      'patchbay-2',
      'setup',
    ]);
    for (const [, service] of ours) expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it('mounts only what is there, and volumes that it declares', () => {
    const sources = Object.values(services).flatMap((service) => service.volumes.map((volume) => volume.split(':')[0]));
    const files = sources.filter((source) => source?.startsWith('./'));
    const named = sources.filter((source) => /^[a-z]/.test(source ?? ''));

    expect(files.filter((file) => !existsSync(new URL(file ?? '', root)))).toEqual([]);
    expect(named.filter((name) => !(name && name in volumes))).toEqual([]);
  });

  it('names each image by a version', () => {
    const images = Object.values(services).map(({ image }) => image);

    expect(images.filter((image) => !/:v?\d/.test(image))).toEqual([]);
  });

  it('is what Prometheus and the balancer look for', () => {
    const balancer = read('deploy/haproxy.cfg');
    const prometheus = read('monitoring/prometheus/prometheus.yml');

    for (const name of ['patchbay-1', 'patchbay-2']) {
      expect(balancer).toContain(`${name}:8080`);
      expect(balancer).toContain(`${name}:4573`);
      expect(prometheus).toContain(`${name}:8080`);
    }
  });
});

describe('the Dockerfile', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));

  it('copies what is there, and what .dockerignore lets through', () => {
    const passes = new Set(read('.dockerignore').match(/(?<=^!).+$/gm));

    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((path) => !existsSync(fileURLToPath(new URL(path, root))))).toEqual([]);
    expect(copied.filter((path) => !passes.has(path))).toEqual([]);
  });

  it('keeps the optional packages but for Node: the hashing of passwords is one', () => {
    const install = dockerfile.slice(dockerfile.indexOf('AS modules'), dockerfile.indexOf('AS demo'));

    expect(install).toContain('npm ci --omit=dev --ignore-scripts');
    expect(install).not.toContain('--omit=optional');
  });

  it('ends as a user that is not root, with a health check', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

    expect(last.match(/^USER (.+)$/m)?.[1]).toBe('10001:10001');
    expect(last).toMatch(/^HEALTHCHECK /m);
  });
});
