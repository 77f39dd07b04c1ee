import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const demo = fileURLToPath(new URL('../demo/demo.ts', import.meta.url));

it("VICIdial's database and web server are killed and come back: nothing lost, double or wrong, no header late", async () => {
  const args = [demo, '--once', '--calls', '60', '--kill-dialer', '2', '--json'];

  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 170_000, maxBuffer: 32_000_000 });

  const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, number>;
  expect(result).toMatchObject({
    calls: 60,
    outages: 4,
    lost: 0,
    double: 0,
    wrong: 0,
    dead: 0,
    headersLate: 0,
    headersEmpty: 0,
  });
  expect(result.headersWithoutDatabase).toBeGreaterThan(0);
  expect(result.handedToAi).toBeGreaterThan(30);
}, 180_000);
