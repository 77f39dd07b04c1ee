import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controlsRoom } from '../../src/console/pages/controls/controls-room.ts';
import { overviewRoom } from '../../src/console/pages/overview/overview-room.ts';
import { everywhere } from '../../src/domain/controls.ts';
import type { Role } from '../../src/domain/roles.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { setControl } from '../../src/flows/set-control.ts';
import { committed, legOf, registration } from '../contract/store/store-cast.ts';
import { openConsole } from '../support/console-site.ts';
import { type OpenDeps, openDeps } from '../unit/flows/open-deps.ts';

const at = '2026-03-02T16:00:00.000Z';

let open: OpenDeps;

beforeEach(async () => {
  open = await openDeps({ clock: { now: () => Date.parse(at), sleep: async () => undefined } });
  const refs = [{ instance: 'carousel', kind: 'call-id', key: 'mu-1' }];
  const leg = legOf('mu-1', { dialer: 'carousel', campaign: 'Autumn', leadKey: '42', calledAt: at });
  const bodies = { registered: registration(leg), commit: committed('opt_out') };
  const facts = Object.entries(bodies).map(([key, body]) => ({ source: 'carousel', key, body, refs, at }));
  await recordFacts(open.deps, facts, { budgetMs: 5000 });
});
afterEach(() => open.close());

const as = (role: Role) => request(openConsole(open.deps, { rooms: [controlsRoom, overviewRoom], role }));
const textOf = (markup: string) =>
  markup
    .slice(markup.indexOf('<main'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
const page = async (role: Role = 'operator', path = 'controls') =>
  textOf((await as(role).get(`/console/${path}`).expect(200)).text);
const send = (path: string, fields: object, role: Role = 'operator') =>
  as(role).post(`/console/controls/${path}`).type('form').send(fields);
const unwell = { percent: 5, note: 'the AI answered none of the last 5 calls', by: 'autopilot' };
const autumn = { dialer: 'carousel', campaign: 'Autumn', aspect: '' };

describe('a pause by the console', () => {
  it('is asked for once more with what it holds back, opt-outs first, and then holds', async () => {
    const asked = textOf((await send('pause', { ...autumn, note: 'wrong codes' }).expect(200)).text);
    const before = await open.deps.store.controls();
    await send('pause/confirm', { ...autumn, note: 'wrong codes' }).expect(303);

    expect(asked).toContain('carousel / Autumn');
    expect(asked).toMatch(/1 opt-out waits in it too.*raises the alarm/);
    expect(asked).toContain('2 write-backs wait in it now');
    expect(before).toEqual([]);
    expect(await open.deps.store.controls()).toMatchObject([
      { kind: 'pause', scope: autumn, note: 'wrong codes', by: 'operator-user' },
    ]);
    expect(await page()).toMatch(
      /paused carousel \/ Autumn 2 write-backs wait 1 opt-out .* operator-user wrong codes Resume/,
    );
  });

  it('is lifted after one more look', async () => {
    await setControl(open.deps, { kind: 'pause', scope: { ...autumn, aspect: '' }, percent: 0, note: 'x', by: 'olga' });
    const again = textOf((await send('pause', { ...autumn, note: 'wrong codes' }).expect(200)).text);
    expect(again).toMatch(/It is paused already, by olga since .*: x/);

    const asked = textOf((await send('resume', autumn).expect(200)).text);
    const during = await open.deps.store.controls();
    await send('resume/confirm', autumn).expect(303);

    expect(asked).toContain('2 write-backs wait in it.');
    expect(during).toHaveLength(1);
    expect(await open.deps.store.controls()).toEqual([]);
    expect(await page()).toContain('Nothing is paused.');
  });

  it('needs a reason and a dialer that is there, and doubts a campaign that is not', async () => {
    await send('pause', { ...autumn, note: ' ' }).expect(303);
    await send('pause/confirm', { ...autumn, dialer: 'vicidial', note: 'x' }).expect(303);
    await send('pause/confirm', { ...autumn, aspect: 'all', note: 'x' }).expect(303);
    const misspelt = await send('pause', { ...autumn, campaign: 'Autumm', note: 'x' }).expect(200);

    expect(textOf(misspelt.text)).toContain('Is Autumn meant?');
    expect(await open.deps.store.controls()).toEqual([]);
  });

  it('is for operators; a viewer sees it', async () => {
    await setControl(open.deps, { kind: 'pause', scope: { ...autumn, aspect: '' }, percent: 0, note: 'x', by: 'olga' });

    for (const path of ['pause', 'pause/confirm', 'resume', 'resume/confirm']) {
      await send(path, { ...autumn, note: 'x' }, 'viewer').expect(403);
    }
    const seen = await page('viewer');
    expect(seen).toContain('paused carousel / Autumn');
    expect(seen).not.toMatch(/Resume|Hold back/);
  });
});

describe('the share of a dialer', () => {
  const held = { dialer: 'carousel', percent: '25', note: 'new prompt' };

  it('is held and released as by the command, with a line each in the audit log', async () => {
    await send('share/hold', held).expect(303);
    const [during, seen] = [await open.deps.store.controls(), await page()];
    await send('share/release', { dialer: 'carousel' }).expect(303);

    const scope = { dialer: 'carousel', campaign: '', aspect: '' };
    expect(during).toMatchObject([{ kind: 'share', scope, percent: 25, note: 'new prompt', by: 'operator-user' }]);
    expect(seen).toMatch(/carousel 25.% .* operator-user new prompt Release carousel/);
    expect(await open.deps.store.controls()).toEqual([]);
    expect(await page()).toMatch(/carousel 100.%/);
    const acts = (await open.deps.store.auditLog(9)).map(({ by, act, subject }) => `${by} ${act} ${subject}`);
    expect(acts.sort()).toEqual(['operator-user share-lifted carousel', 'operator-user share-set carousel']);
  });

  it('of the autopilot is shown, and nobody can release it', async () => {
    await setControl(open.deps, { kind: 'share', scope: { ...everywhere, dialer: 'carousel' }, ...unwell });

    expect(await page()).toMatch(/carousel 5.% .* autopilot the AI answered none/);
    expect(await page()).not.toContain('last 5 calls Release');
    await send('share/release', { dialer: 'carousel' }).expect(303);
    expect(await open.deps.store.controls()).toHaveLength(1);
  });

  it.each([
    ['a share that is none', { ...held, percent: '101' }],
    ['no number', { ...held, percent: 'half' }],
    ['no reason', { ...held, note: ' ' }],
    ['a dialer that is not there', { ...held, dialer: 'vicidial' }],
  ])('is not held by %s', async (_what, fields) => {
    await send('share/hold', fields).expect(303);

    expect(await open.deps.store.controls()).toEqual([]);
  });

  it('is for operators; a viewer sees it', async () => {
    for (const path of ['share/hold', 'share/release']) await send(path, held, 'viewer').expect(403);

    expect(await open.deps.store.controls()).toEqual([]);
    expect(await page('viewer')).toContain('Calls to the AI');
    expect(await page('viewer')).not.toContain('Hold the share');
  });
});

it('stages and shares that are set are shown', async () => {
  await setControl(open.deps, {
    kind: 'stage',
    scope: { ...autumn, aspect: '' },
    percent: 25,
    note: 'small',
    by: 'olga',
  });

  expect(await page()).toMatch(/carousel \/ Autumn stage 25 %/);
});

it('the first page says that something is paused, and leads there', async () => {
  await setControl(open.deps, { kind: 'pause', scope: { ...autumn, aspect: '' }, percent: 0, note: 'x', by: 'olga' });

  expect(await page('viewer', '')).toMatch(/PAUSED by olga: carousel \/ Autumn.* Controls/);
});
