import { createConnection, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runAgi } from '../../simulators/vicidial/asterisk-agi.ts';
import { eventually } from '../../support/eventually.ts';
import { type AgiService, type AgiServiceOptions, adasCode, registered, startAgiService } from './fast-agi-service.ts';

const channel = { callerIdName: adasCode, callerIdNumber: '3035551000', uniqueid: '1763657999.7' };
let agi: AgiService;
const start = async (options?: AgiServiceOptions) => {
  agi = await startAgiService(options);
};
afterEach(() => agi.stop());

describe('a call of the dialplan', () => {
  it('gets its headers, in the configured order', async () => {
    await start();

    const { headers, status } = await runAgi(agi.url, channel, []);

    expect(status).toBe('SUCCESS');
    expect(headers).toEqual([
      ['X-correlation_id', '0123456789abcd'],
      ['X-caller_code', adasCode],
      ['X-first_name', 'Ada'],
    ]);
    expect(agi.sightings[0]).toMatchObject({
      refs: [{ kind: 'caller-code' }, { kind: 'uniqueid', key: '1763657999.7@1001' }],
      leg: { callKey: adasCode, leadKey: '1001', phone: '+13035551000' },
    });
    expect(agi.count('answered')).toBe(1);
  });

  it('gets variables for the pre-dial handler on chan_pjsip, emptied where nothing is known', async () => {
    await start({
      headers: [
        ['X-first_name', 'Ada'],
        ['X-zip-code', ''],
      ],
    });

    const { headers, variables } = await runAgi(agi.pjsipUrl, channel, []);

    expect(variables).toEqual({ __PB_first_name: 'Ada', __PB_zip_code: '' });
    expect(headers).toEqual([]);
  });

  it('is known by the connected line when the carrier has overwritten the caller id', async () => {
    await start();

    const { headers } = await runAgi(agi.url, { ...channel, callerIdName: 'FIELD ADA' }, ['', `${adasCode} 5565`]);

    expect(headers).toHaveLength(3);
    expect(agi.sightings[0]?.leg.callKey).toBe(adasCode);
  });

  it('goes on at once when it is no call of this dialer', async () => {
    await start();

    const run = await runAgi(agi.url, { callerIdName: 'FIELD ADA' }, ['unknown']);

    expect(run).toEqual({ headers: [], variables: {}, status: 'SUCCESS', commands: [] });
    expect([agi.sightings.length, agi.count('unknown')]).toEqual([0, 1]);
  });

  it('goes on at once when the dialplan asks for a script that there is not, and the log says so once', async () => {
    await start();

    for (let round = 0; round < 2; round += 1) {
      expect((await runAgi(agi.url.replace('/vicidial', '/vicidail'), channel, [])).commands).toEqual([]);
    }

    expect(agi.count('script')).toBe(2);
    expect(agi.log.filter((line) => line.includes('script'))).toHaveLength(1);
  });
});

describe('while nothing can be looked up', () => {
  const ids = [
    ['X-caller_code', adasCode],
    ['X-lead_id', '1001'],
  ];

  it('a call gets the ids that its code holds, in time', async () => {
    await start({ register: () => new Promise(() => undefined) });
    const startedAt = performance.now();

    const { headers } = await runAgi(agi.url, channel, []);

    expect(headers).toEqual(ids);
    expect(performance.now() - startedAt).toBeLessThan(600);
    expect(agi.count('ids')).toBe(1);
  });

  it('a call that goes on under another code waits for no dialer that is silent', async () => {
    await start({ callsLike: () => new Promise(() => undefined) });
    const startedAt = performance.now();

    await runAgi(agi.url, { ...channel, callerIdName: 'J1200959550000001001' }, []);

    expect(performance.now() - startedAt).toBeLessThan(250);
    expect(agi.sightings.map(({ leg }) => leg.leadKey)).toEqual(['1001']);
  });

  it('a registration that fails inside costs the ids nothing', async () => {
    await start({ register: () => Promise.reject(new Error('broken')) });

    expect((await runAgi(agi.url, channel, [])).headers).toEqual(ids);
    expect((await runAgi(agi.pjsipUrl, channel, [])).variables).toEqual({
      __PB_correlation_id: '',
      __PB_caller_code: adasCode,
      __PB_lead_id: '1001',
      __PB_first_name: '',
    });
  });
});

describe('an odd other side', () => {
  const environment = `agi_network_script: vicidial\nagi_calleridname: ${adasCode}\n\n`;

  it.each([
    ['says nothing', ''],
    ['stops in the middle of its environment', 'agi_network_script: vicidial\nagi_calle'],
    ['never answers a command', environment],
  ])('that %s is cut off at the deadline', async (_name, text) => {
    await start({ settings: { deadlineMs: 200 } });
    const peer = talk(agi.port);
    peer.socket.write(text);

    const ms = await peer.closed;

    expect(ms).toBeGreaterThan(150);
    expect(ms).toBeLessThan(600);
    await eventually(() => expect(agi.count('late')).toBe(1));
  });

  it('that never ends its environment is cut off long before the deadline', async () => {
    await start({ settings: { deadlineMs: 5000 } });
    const peer = talk(agi.port);
    peer.socket.write('agi_arg_1: x\n'.repeat(5000));

    expect(await peer.closed).toBeLessThan(2000);
    await eventually(() => expect(agi.count('broken')).toBe(1));
  });

  it('that leaves while its call is looked up leaves nothing behind', async () => {
    const looked = Promise.withResolvers<void>();
    await start({ register: async () => looked.promise.then(() => registered([['X-a', 'b']])) });
    const peer = talk(agi.port);
    peer.socket.write(environment);
    await eventually(() => expect(agi.sightings).toHaveLength(1));

    peer.socket.end();
    looked.resolve();

    expect(await peer.closed).toBeLessThan(700);
    await eventually(() => expect(agi.count('broken')).toBe(1));
  });

  it.each([
    ['tells of the hang-up between two lines', 'HANGUP\n200 result=0\n', 3],
    ['does not know the command', '510 Invalid or unknown command\n', 3],
    ['first says that it tries', '100 result=0 Trying...\n200 result=1\n', 3],
    ['answers with line ends of another system', '200 result=0\r\n', 3],
    ['has a dead channel', '511 Command Not Permitted on a dead channel\n', 1],
    ['has lost the channel', '200 result=-1\n', 1],
  ])('that %s is understood', async (_name, reply, commands) => {
    await start();
    const peer = talk(agi.port, reply);
    peer.socket.write(environment);

    await peer.closed;

    expect(peer.received().split('\n').filter(Boolean)).toHaveLength(commands);
    await eventually(() => expect(agi.count('answered') + agi.count('broken')).toBe(1));
    expect(agi.count('answered')).toBe(commands === 3 ? 1 : 0);
  });

  it('that explains a command over many lines hears the next one after the last of them', async () => {
    await start();
    const peer = talk(agi.port);
    peer.socket.write(environment);
    await eventually(() => expect(peer.received()).toMatch(/\n$/));

    peer.socket.write('520-Invalid command syntax.  Proper usage follows:\n200 result=0 is a line of this text\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = peer.received();
    peer.socket.write('520 End of proper usage.\n');

    expect(before.split('\n')).toHaveLength(2);
    await eventually(() => expect(peer.received().split('\n')).toHaveLength(3));
    peer.socket.destroy();
  });

  it('hears the next command only after its answer to the last', async () => {
    await start();
    const peer = talk(agi.port);
    peer.socket.write(environment);

    await eventually(() => expect(peer.received()).not.toBe(''));
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(peer.received()).toBe('EXEC SIPAddHeader "X-correlation_id: 0123456789abcd"\n');
    peer.socket.destroy();
  });
});

describe('who may ask', () => {
  it('is decided by address: everybody else is cut off at once, and counted', async () => {
    await start({ settings: { allow: ['10.0.0.0/8', '192.0.2.7', '2001:db8::/32'] } });

    const run = await runAgi(agi.url, channel, []);

    expect(run).toMatchObject({ headers: [], commands: [] });
    expect([agi.count('refused'), agi.sightings.length]).toEqual([1, 0]);
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.0/8', '127.0.0.1'],
    ['::1/128', '::1'],
    // An IPv4 caller on a dual-stack host.
    ['127.0.0.1/32', '::'],
  ])('%s lets a caller of %s in', async (allowed, host) => {
    await start({ settings: { allow: [allowed], host } });
    const url = host === '::' ? `agi://127.0.0.1:${agi.port}/vicidial` : agi.url;

    expect((await runAgi(url, channel, [])).headers).toHaveLength(3);
  });

  it('is limited to so many at once', async () => {
    await start({ settings: { maxConnections: 2, deadlineMs: 2000 } });
    const slow = [talk(agi.port), talk(agi.port)];
    await Promise.all(slow.map(({ connected }) => connected));

    const run = await runAgi(agi.url, channel, []);

    expect(run.headers).toEqual([]);
    await eventually(() => expect(agi.count('full')).toBe(1));
    for (const { socket } of slow) socket.destroy();
  });
});

it('leaves room for the other servers when one of them runs wild', async () => {
  await start({ settings: { maxConnections: 10, maxPerAddress: 3, deadlineMs: 2000, allow: ['127.0.0.0/8'] } });
  const wild = Array.from({ length: 5 }, () => talk(agi.port, '', '127.0.0.2'));
  await eventually(() => expect(agi.count('full')).toBe(2));

  expect((await runAgi(agi.url, channel, [])).headers).toHaveLength(3);
  for (const { socket } of wild) socket.destroy();
  await Promise.all(wild.map(({ closed }) => closed));
  await eventually(async () => {
    const later = talk(agi.port, '200 result=0\n', '127.0.0.2');
    later.socket.write(`agi_network_script: vicidial\nagi_calleridname: ${adasCode}\n\n`);
    await later.closed;
    expect(later.received()).toContain('X-first_name');
  });
});

describe('at the shutdown', () => {
  it('a call that goes on gets its headers, and no new one is taken', async () => {
    const looked = Promise.withResolvers<void>();
    await start({ register: async () => looked.promise.then(() => registered([['X-a', 'b']])) });
    const running = runAgi(agi.url, channel, []);
    await eventually(() => expect(agi.sightings).toHaveLength(1));

    const stopping = agi.stop();
    const tooLate = await runAgi(agi.url, channel, []);
    looked.resolve();

    expect(tooLate.status).toBe('FAILURE');
    expect((await running).headers).toEqual([['X-a', 'b']]);
    await stopping;
  });

  it('waits for what is under way even where its channel has left', async () => {
    const looked = Promise.withResolvers<void>();
    await start({ register: async () => looked.promise.then(() => registered([['X-a', 'b']])) });
    const peer = talk(agi.port);
    peer.socket.write(`agi_network_script: vicidial\nagi_calleridname: ${adasCode}\n\n`);
    await eventually(() => expect(agi.sightings).toHaveLength(1));
    peer.socket.destroy();
    await peer.closed;

    let isStopped = false;
    const stopping = agi.stop().then(() => {
      isStopped = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const wasStopped = isStopped;
    looked.resolve();
    await stopping;

    expect(wasStopped).toBe(false);
  });

  it('does not wait for one that hangs longer than its deadline', async () => {
    await start({ settings: { deadlineMs: 200 } });
    const peer = talk(agi.port);
    await peer.connected;
    const startedAt = performance.now();

    await agi.stop();

    expect(performance.now() - startedAt).toBeLessThan(600);
  });
});

interface Peer {
  socket: Socket;
  connected: Promise<void>;
  /** Milliseconds until the other side was gone. */
  closed: Promise<number>;
  received(): string;
}

/** A bare connection, which answers every packet with this text. */
function talk(port: number, reply = '', localAddress = '127.0.0.1'): Peer {
  const startedAt = performance.now();
  const socket = createConnection({ port, host: '127.0.0.1', localAddress });
  let received = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    received += chunk.toString('utf8');
    if (reply) socket.write(reply);
  });
  return {
    socket,
    connected: new Promise((resolve) => socket.once('connect', () => resolve())),
    closed: new Promise((resolve) => socket.once('close', () => resolve(performance.now() - startedAt))),
    received: () => received,
  };
}
