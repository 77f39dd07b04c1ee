import { userInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callerCode, committed, entry, legOf, record, registration } from '../../contract/store/store-cast.ts';
import { type CommandSite, makeCommandSite } from '../../support/command-site.ts';
import { linesOf } from './run-main.ts';

let site: CommandSite;

beforeEach(async () => {
  site = makeCommandSite({ dispositions: { sale: 'sold' } });
  await site.withStore(async (store) => {
    const leg = legOf('mu-1', { dialer: 'carousel', campaign: 'Autumn' });
    await record(
      store,
      entry([callerCode('mu-1')], 'registered', registration(leg)),
      entry([callerCode('mu-1')], 'commit', committed('sale')),
    );
  });
});
afterEach(() => site.remove());

const me = `cli:${userInfo().username}`;

describe('patchbay pause and resume', () => {
  it('hold back what is named, say what waits in it, and are written down', async () => {
    const paused = await site.run('pause', '--dialer', 'carousel', '--campaign', 'Autumn', '--why', 'wrong codes');
    const listed = await site.run('controls');
    const resumed = await site.run('resume', '--dialer', 'carousel', '--campaign', 'Autumn');
    const after = await site.run('controls');

    expect(paused).toMatchObject({ exitCode: 0 });
    expect(paused.out).toContain('Paused: carousel / Autumn.');
    expect(paused.out).toContain('1 write-back waits in it now.');
    expect(paused.out).toContain('npx patchbay resume --dialer carousel --campaign Autumn');
    expect(listed.out).toMatch(
      new RegExp(`^PAUSED\tcarousel / Autumn\t.*\t${me}\twrong codes\t1 write-back waits$`, 'm'),
    );
    expect(resumed.out).toContain('Lifted: carousel / Autumn.');
    expect(after.out).toContain('Nothing is decided live');
    await site.withStore(async (store) => {
      const acts = (await store.auditLog(9)).map(({ act, by, subject }) => [act, by, subject]);
      expect(acts.sort()).toEqual([
        ['pause-lifted', me, 'carousel / Autumn'],
        ['pause-set', me, 'carousel / Autumn'],
      ]);
    });
  });

  it('tell who paused the same before, and the words that lift it', async () => {
    const first = await site.run('pause', '--campaign', 'Au tumn', '--why', 'wrong codes');
    const again = await site.run('pause', '--campaign', 'Au tumn', '--why', 'still wrong');
    const told = await site.run('status');

    expect(first.out).not.toContain('already');
    expect(again.out).toContain(`It was paused already, by ${me} since `);
    expect(again.out).toContain(': wrong codes. Your name and reason stand in that place now.');
    expect(told.out).toContain('until the pause is lifted: npx patchbay resume --campaign "Au tumn"\n');
  });

  it('pause everything without a scope, loudly', async () => {
    await site.run('pause', '--why', 'no idea what it does');

    const { exitCode, out } = await site.run('status');
    const [told] = linesOf(await site.run('controls', '--json'));

    expect(exitCode).toBe(2);
    expect(out).toMatch(new RegExp(`PAUSED by ${me}: everywhere`));
    expect(told).toMatchObject({ kind: 'pause', dialer: '', campaign: '', aspect: '', by: me, waiting: 1 });
  });

  it('doubt a campaign that no configuration names, and refuse a dialer or aspect that is none', async () => {
    const misspelt = await site.run('pause', '--campaign', 'Autumm', '--why', 'x');
    const wrongDialer = await site.run('pause', '--dialer', 'vicidial', '--why', 'x');
    const wrongAspect = await site.run('pause', '--aspect', 'callbacks', '--why', 'x');

    expect(misspelt.out).toContain('Is Autumn meant?');
    expect([wrongDialer.exitCode, wrongAspect.exitCode]).toEqual([1, 1]);
    expect(wrongDialer.err).toContain('There are: carousel.');
    expect(wrongAspect.err).toContain('There are: disposition, callback, dnc, fields.');
  });

  it('lift exactly what is named, or all of it', async () => {
    await site.run('pause', '--dialer', 'carousel', '--why', 'x');
    await site.run('pause', '--aspect', 'dnc', '--why', 'y');

    const none = await site.run('resume');
    const all = await site.run('resume', '--all');

    expect(none.exitCode).toBe(1);
    expect(none.err).toMatch(/Nothing is paused by exactly this scope: everywhere\.\nPaused is: .*carousel/);
    expect(all.out.match(/Lifted: /g)).toHaveLength(2);
    await site.withStore(async (store) => expect(await store.controls()).toEqual([]));
  });
});
