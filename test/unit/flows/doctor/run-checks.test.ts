import { describe, expect, it } from 'vitest';
import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { ConnectorError } from '../../../../src/domain/errors.ts';
import { type Checked, namedChecks, runChecks } from '../../../../src/flows/doctor/run-checks.ts';

const ok = async (): Promise<CheckResult> => ({ status: 'ok', found: 'it is there' });
const fail = async (): Promise<CheckResult> => ({ status: 'fail', found: 'it is gone', why: 'so', fix: 'mend it' });

function check(id: string, run: Check['run'] = ok, needs: string[] = []): Check {
  return { id, title: `Title of ${id}`, looksAt: 'the thing', needs, run };
}

const site = (acme: Check[], others: Check[] = []) =>
  namedChecks([
    { id: 'acme', checks: () => acme },
    { id: 'patchbay', checks: () => others },
  ]);

/** A check that is ok, and leaves its name. */
function noting(list: string[], id: string, needs: string[] = []): Check {
  const run = async (): Promise<CheckResult> => {
    list.push(id);
    return { status: 'ok', found: '' };
  };
  return check(id, run, needs);
}

const short = (checked: readonly Checked[]) => checked.map(({ id, status }) => `${id} ${status}`);

describe('checks', () => {
  it('are told by their global names, with title and what was looked at', async () => {
    const [told] = await runChecks(site([check('lists.there')]));

    expect(told).toMatchObject({ id: 'acme:lists.there', owner: 'acme', title: 'Title of lists.there' });
    expect(told).toMatchObject({ looksAt: 'the thing', status: 'ok', found: 'it is there', causes: [] });
    expect(told?.tookMs).toBeGreaterThanOrEqual(0);
  });

  it('run only after what they need, wherever that stands', async () => {
    const order: string[] = [];
    const listed = (id: string, needs: string[] = []) => noting(order, id, needs);

    await runChecks(site([listed('last', ['middle']), listed('middle', ['first']), listed('first')]));

    expect(order).toEqual(['first', 'middle', 'last']);
  });

  it('that need one that failed are unknown and name the root, not the way to it', async () => {
    const checked = await runChecks(
      site(
        [check('reach', fail), check('login', ok, ['reach']), check('rights', ok, ['login'])],
        [check('across', ok, ['acme:rights', 'acme:login'])],
      ),
    );

    expect(short(checked)).toEqual([
      'acme:reach fail',
      'acme:login unknown',
      'acme:rights unknown',
      'patchbay:across unknown',
    ]);
    expect(checked[3]).toMatchObject({
      found: "can't tell: needs acme:reach, which failed",
      causes: ['acme:reach'],
    });
  });

  it('that need one that can not be told say so, and those that need a warning run', async () => {
    const unknown = check('rights', async () => ({ status: 'unknown', found: 'no access' }));
    const warned = check('drops', async () => ({ status: 'warn', found: '2.9 %' }));

    const checked = await runChecks(
      site([unknown, warned, check('grants', ok, ['rights']), check('level', ok, ['drops'])]),
    );

    expect(checked[2]).toMatchObject({
      status: 'unknown',
      found: "can't tell: needs acme:rights, which can't be told",
    });
    expect(checked[3]?.status).toBe('ok');
  });

  it('that only come after others run whatever these say, and are shown their results', async () => {
    const said: (string | undefined)[] = [];
    const asks: Check = {
      ...check('across'),
      after: ['acme:reach', 'acme:lists'],
      run: async (seen) => {
        said.push(seen?.('acme:reach')?.status, seen?.('acme:lists')?.status);
        return { status: 'ok', found: '' };
      },
    };

    const [told] = await runChecks(site([check('lists'), check('reach', fail)], [asks]), { only: ['across'] });

    expect(told?.status).toBe('ok');
    expect(said).toEqual(['fail', 'ok']);
  });

  it('that throw have seen nothing', async () => {
    const broken = check('odd', async () => {
      throw new ConnectorError('dialer_odd', 'a column is missing', { hint: 'Update it.' });
    });

    const [told, behind] = await runChecks(site([broken, check('next', ok, ['odd'])]));

    expect(told).toMatchObject({
      status: 'unknown',
      found: 'the check itself broke off: a column is missing',
      fix: 'Update it.',
    });
    expect(behind).toMatchObject({ status: 'unknown', causes: ['acme:odd'] });
  });

  it('that hang are given up, and hold up nothing else', async () => {
    const checked = await runChecks(site([check('hangs', () => new Promise(() => {})), check('other')]), {
      limitMs: 30,
    });

    expect(short(checked)).toEqual(['acme:hangs unknown', 'acme:other ok']);
    expect(checked[0]).toMatchObject({ why: expect.any(String), fix: expect.stringContaining('--only acme:hangs') });
  });

  it('run at most four at once for one owner, and beside those of others', async () => {
    const running = { acme: 0, patchbay: 0 };
    const most = { acme: 0, both: 0 };
    const counting = (owner: 'acme' | 'patchbay') => async (): Promise<CheckResult> => {
      running[owner] += 1;
      most.acme = Math.max(most.acme, running.acme);
      most.both = Math.max(most.both, running.acme + running.patchbay);
      await new Promise((resolve) => setImmediate(resolve));
      running[owner] -= 1;
      return { status: 'ok', found: '' };
    };
    const nine = (owner: 'acme' | 'patchbay') =>
      Array.from({ length: 9 }, (_, index) => check(`c${index}`, counting(owner)));

    await runChecks(site(nine('acme'), nine('patchbay')));

    expect(most).toEqual({ acme: 4, both: 8 });
  });

  it('are told in the order of definition, as soon as all before them are done', async () => {
    const told: string[] = [];
    let letGo = () => {};
    const slow = check('slow', () => new Promise((resolve) => (letGo = () => resolve({ status: 'ok', found: '' }))));
    const quick = check('quick', async () => {
      setImmediate(() => {
        expect(told).toEqual([]);
        letGo();
      });
      return { status: 'ok', found: '' };
    });

    await runChecks(site([slow, quick]), { onChecked: ({ id }) => told.push(id) });

    expect(told).toEqual(['acme:slow', 'acme:quick']);
  });

  it('are not begun any more once the run is stopped', async () => {
    const stop = new AbortController();
    const begun: string[] = [];
    const first = check('first', () => {
      stop.abort(new Error('enough'));
      return ok();
    });
    const second = noting(begun, 'second', ['first']);

    await expect(runChecks(site([first, second]), { signal: stop.signal })).rejects.toThrow('enough');
    expect(begun).toEqual([]);
  });
});

describe('a slip of the program', () => {
  it.each([
    ['a need that is no check', [check('a', ok, ['b'])], 'acme:a needs acme:b'],
    ['a need of another system that is no check', [check('a', ok, ['dialer:b'])], 'acme:a needs dialer:b'],
    ['a circle', [check('a', ok, ['b']), check('b', ok, ['a'])], 'acme:a → acme:b → acme:a'],
    ['a name given twice', [check('a'), check('a')], 'two checks are called acme:a'],
  ])('is said at once: %s', async (_what, checks, said) => {
    await expect(runChecks(site(checks))).rejects.toThrow(said);
  });

  it('is said whatever was asked for', async () => {
    const checks = site([check('fine'), check('a', ok, ['b'])]);

    await expect(runChecks(checks, { only: ['fine'] })).rejects.toThrow('acme:a needs acme:b');
  });
});

describe('--only', () => {
  const asked: string[] = [];
  const seen = (id: string, needs: string[] = []) => noting(asked, id, needs);
  const all = () =>
    site(
      [seen('reach'), seen('lines.ready', ['reach']), seen('lines.count', ['reach']), seen('lists.there')],
      [seen('lines.sum')],
    );

  it.each([
    ['an instance', ['patchbay'], ['patchbay:lines.sum']],
    ['a beginning within an instance', ['acme:lines'], ['acme:lines.ready', 'acme:lines.count']],
    ['a bare name', ['lines.ready'], ['acme:lines.ready']],
    ['a bare beginning', ['lines'], ['acme:lines.ready', 'acme:lines.count', 'patchbay:lines.sum']],
    ['several', ['lists', 'acme:reach'], ['acme:reach', 'acme:lists.there']],
  ])('takes %s', async (_what, only, reported) => {
    expect((await runChecks(all(), { only })).map(({ id }) => id)).toEqual(reported);
  });

  it('runs what is needed as well, tells nothing of it, and leaves the rest alone', async () => {
    asked.length = 0;

    const checked = await runChecks(all(), { only: ['lines.ready'] });

    expect(checked).toHaveLength(1);
    expect(asked).toEqual(['reach', 'lines.ready']);
  });

  it.each([
    ['line.ready', 'lines.ready'],
    ['acmee', 'acme'],
    ['something-else-altogether', 'Instances: acme, patchbay.'],
  ])('that fits nothing lists what is near: %s', async (word, near) => {
    const hint = await runChecks(all(), { only: [word] }).catch((error: ConnectorError) => error.hint);

    expect(hint).toContain(near);
  });
});
