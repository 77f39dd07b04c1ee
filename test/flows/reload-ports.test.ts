import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Listener } from '../../src/domain/connector.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { freePort } from '../support/free-port.ts';
import { type ReloadingApp, startReloadingApp } from '../support/reloading-app.ts';

/** A made-up dialer that listens where its address says, and tells who connects which instance it is. */
const sayer: typeof madeUp = {
  ...madeUp,
  create(id, config, deps) {
    const listener: Listener = {
      ...{ name: 'sayer', scheme: 'say', host: '127.0.0.1', port: Number(new URL(config.url).port) },
      async serve(socket) {
        socket.on('error', () => undefined);
        socket.end(id);
        await once(socket, 'close');
      },
    };
    return { ...madeUp.create(id, config, deps), listeners: [listener] };
  },
};

let patchbay: ReloadingApp;
let one: number;
let two: number;
const section = (port: number, more: object = {}) => ({ type: 'made-up', url: `http://127.0.0.1:${port}`, ...more });

beforeEach(async () => {
  [one, two] = [await freePort(), await freePort()];
  patchbay = await startReloadingApp({
    registry: { dialers: [sayer], platforms: [] },
    dialers: { carousel: section(one), five: section(two) },
    config: { platforms: {} },
  });
});
afterEach(() => patchbay.stop());

const whoIsAt = (port: number) => text(connect(port, '127.0.0.1'));

it('refuses two instances on one port by name, and serves on as before', async () => {
  const free = await freePort();

  const taken = await patchbay.reload({ dialers: { carousel: section(one), five: section(one) } });
  const both = await patchbay.reload({ dialers: { carousel: section(free), five: section(free) } });

  expect([taken.result, both.result]).toEqual(['refused', 'refused']);
  expect(taken.faults.join()).toContain(`five can't listen on say://127.0.0.1:${one}: another instance does`);
  expect(taken.faults.join()).toContain('Change host or port of its sayer.');
  expect([await whoIsAt(one), await whoIsAt(two)]).toEqual(['carousel', 'five']);
  await expect(whoIsAt(free)).rejects.toThrow('ECONNREFUSED');
});

it('hands a port from one instance to another, also crosswise', async () => {
  const crossed = await patchbay.reload({ dialers: { carousel: section(two), five: section(one) } });
  const after = [await whoIsAt(one), await whoIsAt(two)];
  const gone = await patchbay.reload({ dialers: { third: section(one) } });

  expect([crossed.result, gone.result]).toEqual(['applied', 'applied']);
  expect(after).toEqual(['five', 'carousel']);
  expect(await whoIsAt(one)).toBe('third');
  await expect(whoIsAt(two)).rejects.toThrow('ECONNREFUSED');
});
