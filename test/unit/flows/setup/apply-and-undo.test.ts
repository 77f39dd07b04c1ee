import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../../src/domain/errors.ts';
import { applySteps, type SiteSecrets } from '../../../../src/flows/setup/apply-steps.ts';
import { openJournal, type SetupJournal } from '../../../../src/flows/setup/journal.ts';
import { type NamedStep, type SetupInstance, stepsInOrder } from '../../../../src/flows/setup/named-steps.ts';
import { planSteps } from '../../../../src/flows/setup/plan-steps.ts';
import { openThings, undoSteps } from '../../../../src/flows/setup/undo-steps.ts';
import { realClock } from '../../../support/real-clock.ts';
import { type ToySystem, toyRegistry, toySystem } from './toy-site.ts';

const bellSection = { type: 'bell', password: 'ding', campaigns: {}, fields: ['colour', 'size'] };

let folder: string;
let file: string;
let bell: ToySystem;
let parrot: ToySystem;
let kept: Map<string, string>;
let ids: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-setup-'));
  file = join(folder, 'deep', 'journal.jsonl');
  bell = toySystem();
  parrot = toySystem();
  kept = new Map();
  ids = 0;
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('applying', () => {
  it('does what the plan shows, platforms before dialers, and nothing the second time', async () => {
    const planned = await planSteps(steps(), []);
    const applied = await apply();
    const again = await apply();

    expect(planned.map(({ owner, step, changes }) => [owner, step.id, changes.map(({ state }) => state)])).toEqual([
      ['polly', 'hook', ['missing']],
      ['door', 'fields', ['missing', 'missing']],
      ['door', 'script', ['missing']],
    ]);
    expect(applied.map(({ result }) => result)).toEqual(['done', 'done', 'done']);
    expect(again.map(({ result }) => result)).toEqual(['there', 'there', 'there']);
    expect(bell.writes).toEqual(['make field colour', 'make field size', 'make script spring']);
    expect(kept).toEqual(new Map([['polly secrets PARROT_SECRET', 'whsec "of the $hook # 1']]));
  });

  it('keeps each thing before it is made, in a file for its owner alone', async () => {
    bell.failNext = { when: 'after', error: new Error('killed') };

    const applied = await apply();

    const things = await journal().things();
    expect(applied.map(({ result }) => result)).toEqual(['done', 'failed', 'skipped']);
    expect(things.map(({ what, state, isCertain, by }) => [what, state, isCertain, by])).toEqual([
      ['hook', 'made', true, 'cli:ada'],
      ['field colour', 'begun', false, 'cli:ada'],
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain('whsec');
  });

  it('leaves the rest of an instance alone when a step fails, and goes on with the others', async () => {
    parrot.failNext = {
      when: 'before',
      error: new ConnectorError('platform_refused', 'the parrot will not', { hint: 'Give it a cracker' }),
    };

    const applied = await apply();

    expect(applied.map(({ result, reason }) => [result, reason])).toEqual([
      ['failed', 'the parrot will not. Give it a cracker'],
      ['done', ''],
      ['done', ''],
    ]);
  });

  it('says what is blocked by a system that is away, and does the others', async () => {
    bell.isAway = true;

    const planned = await planSteps(steps(), []);
    const applied = await apply();

    expect(planned[1]?.changes).toEqual([
      { what: 'Make fields', state: 'blocked', detail: 'the toy did not answer. Wind it up' },
    ]);
    expect(planned[2]?.changes).toMatchObject([{ what: 'Make script', detail: 'the toy did not answer. Wind it up' }]);
    expect(applied.map(({ result }) => result)).toEqual(['done', 'blocked', 'skipped']);
    expect(bell.looks).toBe(2);
  });

  it('does what can not be seen until it remembers to have done it', async () => {
    const [, fields] = steps();
    if (!fields?.step.plan) throw new Error('there is no step');
    const blind: NamedStep = {
      ...fields,
      step: { ...fields.step, plan: async () => [{ what: 'field size', state: 'unseen', detail: 'nobody can tell' }] },
    };
    const deps = { journal: journal(), secrets: secrets() };

    const first = await applySteps(deps, [blind]);
    const second = await applySteps(deps, [blind]);
    await undo();
    const third = await planSteps([blind], await journal().things());

    expect([first[0]?.result, second[0]?.result]).toEqual(['done', 'there']);
    expect(third[0]?.changes[0]?.state).toBe('unseen');
  });

  it('writes nothing when the journal can not be written', async () => {
    writeFileSync(join(folder, 'deep'), 'a file where a folder should be');

    const [applied] = await apply();

    expect(applied).toMatchObject({ result: 'failed', reason: expect.stringContaining('setup.journal') });
    expect(parrot.writes).toEqual([]);
  });
});

describe('undoing', () => {
  it('takes back everything, newest first, with the secret that came along', async () => {
    await apply();

    const undone = await undo();
    const again = await undo();

    expect(undone.map(({ thing, result }) => [thing.what, result])).toEqual([
      ['script spring', 'undone'],
      ['field size', 'undone'],
      ['field colour', 'undone'],
      ['hook', 'undone'],
    ]);
    expect([bell.things.size, parrot.things.size, kept.size]).toEqual([0, 0, 0]);
    expect(again).toEqual([]);
  });

  it('leaves alone what was there before, or was changed since', async () => {
    bell.things.set('field size', 'of the admin');
    await apply();
    bell.things.set('field colour', 'red');

    const undone = await undo();

    expect(undone.map(({ thing, result, note }) => [thing.what, result, note])).toEqual([
      ['script spring', 'undone', ''],
      ['field colour', 'changed', 'it is "red" now'],
      ['hook', 'undone', ''],
    ]);
    expect(Object.fromEntries(bell.things)).toEqual({ 'field size': 'of the admin', 'field colour': 'red' });
  });

  it('keeps the secret of a thing that it leaves alone', async () => {
    await apply();
    parrot.things.set('hook', 'theirs');

    await undo();

    expect([...kept.keys()]).toEqual(['polly secrets PARROT_SECRET']);
  });

  it('takes out a secret that came along with nothing', async () => {
    const [hook] = steps();
    if (!hook) throw new Error('there is no step');
    const keep: NamedStep = {
      ...hook,
      step: {
        ...hook.step,
        apply: (run) => run.keepSecret({ name: 'FEATHER', value: 'blue', list: ['secrets'] }),
      },
    };
    await applySteps({ journal: journal(), secrets: secrets() }, [keep]);
    const during = [...kept.keys()];

    const undone = await undo();

    expect(during).toEqual(['polly secrets FEATHER']);
    expect(undone.map(({ thing, result }) => [thing.what, result])).toEqual([['secret FEATHER', 'undone']]);
    expect(kept.size).toBe(0);
  });

  it('keeps on the list what is left by hand, until it is gone', async () => {
    await apply();
    bell.things.set('script spring', 'stuck');

    const first = await undo();
    const second = await undo();
    bell.things.delete('script spring');
    const third = await undo();

    expect(first[0]).toMatchObject({ result: 'by-hand', note: 'Delete script spring in the menu.' });
    expect(second.map(({ result }) => result)).toEqual(['by-hand']);
    expect(third.map(({ result }) => result)).toEqual(['gone']);
    expect(await openThings({ journal: journal() })).toEqual([]);
  });

  it.each(['before', 'after'] as const)('knows a thing whose making was cut off %s it took effect', async (when) => {
    bell.failNext = { when, error: new Error('killed') };
    await apply();

    const undone = await undo();

    expect(undone[0]).toMatchObject({
      thing: { what: 'field colour', isCertain: false },
      result: when === 'after' ? 'undone' : 'gone',
    });
    expect(bell.things.size).toBe(0);
  });

  it('goes on after a failure, which it takes up again', async () => {
    await apply();
    bell.isAway = true;
    const { looks } = bell;

    const first = await undo();
    const looksWhileAway = bell.looks - looks;
    bell.isAway = false;
    const second = await undo();

    expect(first.map(({ result }) => result)).toEqual(['failed', 'skipped', 'skipped', 'undone']);
    expect(looksWhileAway).toBe(1);
    expect(first[0]?.note).toBe('the toy did not answer. Wind it up');
    expect(second.map(({ result }) => result)).toEqual(['undone', 'undone', 'undone']);
  });

  it('takes back those of some instances only', async () => {
    await apply();

    const undone = await undo(['polly']);

    expect(undone.map(({ thing }) => thing.what)).toEqual(['hook']);
    expect(bell.things.size).toBe(3);
  });

  it('names for the hand what belongs to an instance that is not configured any more', async () => {
    await apply();

    const things = await openThings({ journal: journal() });
    const undone = await undoSteps({ journal: journal(), secrets: secrets() }, [], things);

    expect(undone[0]).toMatchObject({ result: 'by-hand', note: expect.stringContaining('door is not configured any') });
  });
});

describe('the journal', () => {
  it('bears a line that a crash tore, and what is written after it', async () => {
    await apply();
    const whole = statSync(file).size;
    truncateSync(file, whole - 9);
    const before = await journal().things();

    await journal().begin({ instance: 'door', step: 'fields', what: 'field late', undoData: {} });

    const after = await journal().things();
    expect(before.map(({ what, state }) => [what, state]).at(-1)).toEqual(['script spring', 'begun']);
    expect(after.map(({ what }) => what)).toEqual([
      'hook',
      'field colour',
      'field size',
      'script spring',
      'field late',
    ]);
  });

  it('adds to the data for undo what is known only when the thing is made', async () => {
    await apply();

    const things = await journal().things();

    expect(things[1]?.undoData).toEqual({ value: 'ours', id: 'id of field colour' });
  });
});

function steps(): NamedStep[] {
  const registry = toyRegistry(bell, parrot);
  const instances: SetupInstance[] = [
    ...registry.dialers.map((each) => ({
      ...each.create('door', each.config.parse(bellSection), {} as never),
      kind: 'dialer' as const,
    })),
    ...registry.platforms.map((each) => ({
      ...each.create('polly', each.config.parse({ type: 'parrot', token: 'crack' }), {} as never),
      kind: 'platform' as const,
    })),
  ];
  return stepsInOrder(instances).filter(({ step }) => step.kind === 'api');
}

function apply() {
  return applySteps({ journal: journal(), secrets: secrets() }, steps());
}

async function undo(only: readonly string[] = []) {
  const deps = { journal: journal(), secrets: secrets() };
  return undoSteps(deps, steps(), await openThings(deps, only));
}

function journal(): SetupJournal {
  return openJournal({ clock: realClock, newId: () => `thing-${++ids}`, by: 'cli:ada' }, file);
}

function secrets(): SiteSecrets {
  return {
    keep: async (instance, { name, value, list }) => void kept.set(`${instance} ${list.join('.')} ${name}`, value),
    drop: async (instance, { name, list }) => void kept.delete(`${instance} ${list.join('.')} ${name}`),
  };
}
