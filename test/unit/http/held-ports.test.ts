import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { Listener } from '../../../src/domain/connector.ts';
import { createHeldPorts, type HeldPorts, type OpenPort } from '../../../src/http/held-ports.ts';
import { freePort } from '../../support/free-port.ts';

const opened: OpenPort[] = [];
afterEach(async () => {
  for (const port of opened.splice(0)) await port.stop();
});

/** Says its name, and goes. */
function sayer(word: string, port: number, change: Partial<Listener> = {}): Listener {
  return {
    ...{ name: 'sayer', scheme: 'say', host: '127.0.0.1', port },
    async serve(socket) {
      socket.on('error', () => undefined);
      socket.end(word);
      await once(socket, 'close');
    },
    ...change,
  };
}

async function open(ports: HeldPorts, listener: Listener): Promise<OpenPort> {
  const port = await ports.open('carousel', listener);
  opened.push(port);
  return port;
}

async function ask(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  for await (const chunk of socket) heard += String(chunk);
  return heard;
}

it('hands a port on without closing it, however many connect meanwhile', async () => {
  const port = await freePort();
  const ports = createHeldPorts();
  const first = await open(ports, sayer('one', port));
  first.take();
  const heard = new Set<string>();
  let isOver = false;
  const asking = Array.from({ length: 5 }, async () => {
    while (!isOver) heard.add(await ask(port));
  });

  let before = first;
  for (const word of ['two', 'three', 'four', 'one']) {
    const next = await open(ports, sayer(word, port));
    await ask(port);
    next.take();
    await before.stop();
    await ask(port);
    before = next;
  }
  isOver = true;
  await Promise.all(asking);

  expect([...heard].sort()).toEqual(['four', 'one', 'three', 'two']);
  expect(await ask(port)).toBe('one');
});

it('lets those who came before be served to their end by whom they came to', async () => {
  const port = await freePort();
  const ports = createHeldPorts();
  const came = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  const slow = await open(
    ports,
    sayer('old', port, {
      async serve(socket) {
        came.resolve();
        await mayEnd.promise;
        socket.end('old');
      },
    }),
  );
  slow.take();
  const asked = ask(port);
  await came.promise;

  const next = await open(ports, sayer('new', port));
  next.take();
  const stopped = slow.stop();

  expect(await ask(port)).toBe('new');
  mayEnd.resolve();
  await stopped;
  expect(await asked).toBe('old');
});

it('opens what is new, closes what nobody took on, and says which place is taken', async () => {
  const [port, other] = [await freePort(), await freePort()];
  const ports = createHeldPorts();
  const first = await open(ports, sayer('one', port));
  first.take();

  const moved = await open(ports, sayer('two', other));
  moved.take();
  await first.stop();

  expect(await ask(other)).toBe('two');
  await expect(ask(port)).rejects.toThrow('ECONNREFUSED');
  await expect(createHeldPorts().open('five', sayer('three', other))).rejects.toThrow(
    `five can't listen on 127.0.0.1:${other} (sayer)`,
  );
});

it('closes what was opened for nothing, and leaves what somebody serves', async () => {
  const [port, unused] = [await freePort(), await freePort()];
  const ports = createHeldPorts();
  const first = await open(ports, sayer('one', port));
  first.take();

  const [shared, alone] = [await open(ports, sayer('two', port)), await open(ports, sayer('two', unused))];
  await Promise.all([shared.stop(), alone.stop()]);

  expect(await ask(port)).toBe('one');
  await expect(ask(unused)).rejects.toThrow('ECONNREFUSED');
});

it('hands on the place, and not the limit of who was there', async () => {
  const port = await freePort();
  const ports = createHeldPorts();
  const narrow = await open(ports, sayer('narrow', port, { mostConnections: 0 }));
  narrow.take();
  const wide = await open(ports, sayer('wide', port));
  const turnedAway = await ask(port);

  wide.take();
  await narrow.stop();

  expect([turnedAway, await ask(port)]).toEqual(['', 'wide']);
});
