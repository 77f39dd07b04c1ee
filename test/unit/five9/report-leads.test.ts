import { describe, expect, it } from 'vitest';
import type { LeadPage } from '../../../src/domain/lead.ts';
import { answerXml, faultXml, type StubAnswer } from './soap-stub.ts';
import { start, stopAfterEach } from './start-dialer.ts';

stopAfterEach();

const header = 'NUMBER1,First Name,PATCHBAY KEY,Modified';
const ada = '2125550101,Ada,K1,"Mon, 02 Mar 2026 07:00:00"';
const ben = '2125550102,Ben,K2,"Mon, 02 Mar 2026 08:00:00"';
const cleo = '2125550103,Cleo,K3,"Mon, 02 Mar 2026 09:00:00"';

const signal = new AbortController().signal;
const hourMs = 3_600_000;
const began = Date.parse('2026-03-02T20:00:00.000Z');

interface Site {
  /** Rows of a report over this span. */
  rows(span: { start: number; end: number }): string[];
  /** How often each report says that it still runs. */
  runsFor?: number;
  header?: string;
  fault?(operation: string, identifier: string): StubAnswer | undefined;
}

/** A Five9 whose reports hold what the site says, and the connector with `sync.report` before it. */
async function startWith(site: Site, report: object = {}, more: Record<string, unknown> = {}) {
  const spans = new Map<string, { start: number; end: number }>();
  const looks = new Map<string, number>();

  function answer(operation: string, xml: string): StubAnswer {
    const text = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
    const say = (value: unknown) => ({ body: answerXml(operation, `<return>${value}</return>`) });
    const id = text('identifier');
    const fault = site.fault?.(operation, id);
    if (fault) return fault;
    if (operation === 'runReport') {
      const span = { start: Date.parse(text('start')), end: Date.parse(text('end')) };
      spans.set(`R${spans.size + 1}`, span);
      return say(`R${spans.size}`);
    }
    const span = spans.get(id);
    if (!span) return faultXml('UnknownIdentifier');
    if (operation === 'isReportRunning') {
      looks.set(id, (looks.get(id) ?? 0) + 1);
      return say((looks.get(id) ?? 0) <= (site.runsFor ?? 0));
    }
    const lines = [site.header ?? header, ...site.rows(span)];
    return say(lines.join('\n').replaceAll('&', '&amp;'));
  }

  const config = {
    keyField: 'patchbay_key',
    fields: { lastModifiedAt: 'last_modified_at' },
    sync: { report: { folder: 'Patchbay', name: 'Leads', columns: { modified: 'last_modified_at' }, ...report } },
    ...more,
  };
  const started = await start(answer, config);
  const read = (cursor: string) => started.dialer.readLeads?.(cursor, signal) as Promise<LeadPage>;
  /** Pages from a cursor to the end, as the sync reads them. */
  async function readAll(from = ''): Promise<LeadPage[]> {
    const pages = [await read(from)];
    while (pages.at(-1)?.cursor) pages.push(await read(pages.at(-1)?.cursor ?? ''));
    return pages;
  }
  const xmlOf = (operation: string) => started.stub.requests.filter((each) => each.operation === operation);
  return { ...started, read, readAll, spans, xmlOf };
}

const keysOf = (pages: readonly LeadPage[]) => pages.flatMap(({ leads }) => leads.map(({ key }) => key));
const rejectsOf = (pages: readonly LeadPage[]) => Object.assign({}, ...pages.map(({ rejects }) => rejects));
const later = (ms: number) => new Date(began + ms).toISOString();

describe('leads by a saved report', () => {
  it('come by its columns, whatever their order, with times by the clock of the data centre', async () => {
    const { readAll, xmlOf } = await startWith({ rows: () => [ada] });

    const pages = await readAll();

    expect(pages.flatMap(({ leads }) => leads)).toEqual([
      {
        dialer: 'five9',
        key: 'K1',
        list: '',
        campaign: '',
        phones: ['+12125550101'],
        fields: { first_name: 'Ada', patchbay_key: 'K1' },
        changedAt: '2026-03-02T15:00:00.000Z',
      },
    ]);
    expect(/<tns:runReport>.*<\/tns:runReport>/.exec(xmlOf('runReport')[0]?.xml ?? '')?.[0]).toBe(
      '<tns:runReport><folderName>Patchbay</folderName><reportName>Leads</reportName><criteria><time>' +
        '<end>2026-03-02T12:00:00.000-08:00</end><start>2010-01-01T00:00:00.000-08:00</start>' +
        '</time></criteria></tns:runReport>',
    );
  });

  it('are rejected one by one, and counted by reason', async () => {
    const rows = [ada, ',Nobody,K4,', '2125550105,Keyless,,', '2125550106,"Short"', ben];
    const { readAll } = await startWith({ rows: () => rows });

    const pages = await readAll();

    expect(keysOf(pages)).toEqual(['K1', 'K2']);
    expect(rejectsOf(pages)).toEqual({
      'no number that can be called': 1,
      'nothing in the key field patchbay_key': 1,
      'not a row of the report': 1,
    });
  });

  it('come in pages that a sync can save one by one', async () => {
    const many = Array.from({ length: 1100 }, (_, n) => `212555${String(n).padStart(4, '0')},A,K${n},`);
    const { readAll, xmlOf } = await startWith({ rows: () => many });

    const pages = await readAll();

    expect(pages.map(({ leads }) => leads.length).filter(Boolean)).toEqual([500, 500, 100]);
    expect(xmlOf('getReportResultCsv')).toHaveLength(1);
  });

  it('are no leads when the report lacks what they need', async () => {
    const { readAll } = await startWith({ header: 'NUMBER1,NAME,KEY,Modified', rows: () => [ada] });

    await expect(readAll()).rejects.toMatchObject({
      code: 'dialer_refused',
      message: 'the report Leads has no column for the key field patchbay_key; it has NUMBER1, NAME, KEY, Modified',
    });
  });

  it('are read in halves of the time where the report is at the row cap', async () => {
    const all = [
      { at: began - 100 * hourMs, row: ada },
      { at: began - 50 * hourMs, row: ben },
      { at: began - 10, row: cleo },
    ];
    const { readAll, spans } = await startWith(
      { rows: ({ start, end }) => all.filter(({ at }) => at >= start && at <= end).map(({ row }) => row) },
      { firstDay: '2026-02-26' },
      { reports: { rowCap: 2 } },
    );

    const pages = await readAll();

    expect(new Set(keysOf(pages))).toEqual(new Set(['K1', 'K2', 'K3']));
    expect(rejectsOf(pages)).toEqual({});
    const [whole, firstHalf, ...parts] = [...spans.values()];
    expect(whole).toEqual({ start: Date.parse('2026-02-26T08:00:00.000Z'), end: began });
    // The halves overlap a little, whether Five9 counts their bounds in or not.
    const secondHalf = parts.find(({ end }) => end === began);
    expect((firstHalf?.end ?? 0) - (secondHalf?.start ?? 0)).toBe(1000);
  });

  it('say so where even the shortest span is at the cap', async () => {
    const atOnce = began - 5 * hourMs;
    const rows = ({ start, end }: { start: number; end: number }) =>
      start <= atOnce && atOnce <= end ? [ada, ben] : [];
    const capped = await startWith({ rows }, { firstDay: '2026-03-02' }, { reports: { rowCap: 2 } });
    const { readAll, xmlOf, clock } = withOwnSleep(capped);

    const pages = await readAll();

    expect(rejectsOf(pages)).toEqual({ 'report at the cap': 1 });
    // It did not run into the limit of 16 reports a minute, but waited for the next ones.
    expect(xmlOf('runReport').length).toBeGreaterThan(16);
    expect(clock.now() - began).toBeGreaterThanOrEqual(60_000);
    expect(new Set(keysOf(pages))).toEqual(new Set(['K1', 'K2']));
  });

  it('read only what changed, from before the last time on by more than an hour', async () => {
    const { clock, readAll, spans } = await startWith({ rows: () => [ada] }, { byLastModified: true });
    const since = (await readAll()).at(-1)?.since ?? '';
    clock.set(later(6 * hourMs));

    const pages = await readAll(since);

    expect(spans.get('R2')).toEqual({ start: began - 1.5 * hourMs, end: began + 6 * hourMs });
    expect(JSON.parse(pages.at(-1)?.since ?? '')).toMatchObject({ kind: 'idle', began: began + 6 * hourMs });
  });

  it('read everything again where the criteria do not mean the last modification, or the report is another', async () => {
    const plain = await startWith({ rows: () => [ada] });
    expect((await plain.readAll()).at(-1)?.since).toBe('');

    const incremental = await startWith({ rows: () => [ada] }, { byLastModified: true });
    const since = (await incremental.readAll()).at(-1)?.since ?? '';
    const renamed = await startWith({ rows: () => [ada] }, { byLastModified: true, name: 'Leads 2' });
    await renamed.readAll(since);
    await renamed.readAll('p:3');

    const starts = [...renamed.spans.values()].map(({ start }) => new Date(start).toISOString());
    expect(starts).toEqual(['2010-01-01T08:00:00.000Z', '2010-01-01T08:00:00.000Z']);
  });
});

describe('a report that runs', () => {
  it('is waited for page by page, its identifier in the cursor', async () => {
    const { read, xmlOf } = await startWith({ rows: () => [ada], runsFor: 1 });

    const first = await read('');

    expect(first).toMatchObject({ leads: [], rejects: {} });
    expect(JSON.parse(first.cursor)).toMatchObject({ kind: 'reading', id: 'R1' });
    expect(xmlOf('isReportRunning')).toHaveLength(0);
  });

  it('is gone on with after a restart: the same report, and the rows that were not yet given', async () => {
    const many = Array.from({ length: 700 }, (_, n) => `212555${String(n).padStart(4, '0')},A,K${n},`);
    const before = await startWith({ rows: () => many });
    const started = await before.read('');
    const firstRows = await before.read(started.cursor);

    // The report of the domain is there; the process is another, and Five9 needs a moment.
    const after = await startWith({ rows: () => many, runsFor: 1 }).then(withOwnSleep);
    after.spans.set('R1', { start: 0, end: began });
    const pages = await after.readAll(firstRows.cursor);

    expect(keysOf([firstRows, ...pages])).toEqual(many.map((_, n) => `K${n}`));
    expect(after.xmlOf('runReport')).toHaveLength(0);
  });

  it('is asked for anew when Five9 lost it, from its first row on', async () => {
    const { readAll, xmlOf, read } = await startWith({ rows: () => [ada, ben] });
    const { cursor } = await read('');
    const lost = JSON.stringify({ ...JSON.parse(cursor), id: 'gone', row: 1 });

    const pages = await readAll(lost);

    expect(keysOf(pages)).toEqual(['K1', 'K2']);
    expect(xmlOf('runReport')).toHaveLength(2);
  });

  it('is waited for when its result is not ready yet', async () => {
    let times = 0;
    const { readAll, stub } = await startWith(
      {
        rows: () => [ada],
        fault: (operation) => {
          if (operation !== 'getReportResultCsv') return undefined;
          times += 1;
          return times === 1 ? faultXml('ResultIsNotReady') : undefined;
        },
      },
      {},
    ).then(withOwnSleep);

    expect(keysOf(await readAll())).toEqual(['K1']);
    expect(stub.requests.filter(({ operation }) => operation === 'getReportResultCsv')).toHaveLength(2);
  });

  it('is asked for in halves when it takes too long, and given up for now after three times', async () => {
    const started = await startWith({ rows: () => [], runsFor: 1e9 }).then(withOwnSleep);
    const { clock, read, xmlOf } = started;
    let page = await read('');
    let at = 0;
    const step = async () => {
      at += 11 * 60_000;
      clock.set(later(at));
      page = await read(page.cursor);
    };

    await step();
    const halves = JSON.parse(page.cursor);
    for (let n = 0; n < 3; n += 1) await step();

    expect(halves).toMatchObject({ id: '', todo: [{}, {}] });
    await expect(step()).rejects.toMatchObject({ code: 'dialer_away', retryable: true });
    // The next run begins with a report of its own.
    expect(xmlOf('runReport')).toHaveLength(3);
  });
});

/** Whoever waits moves the clock on. */
function withOwnSleep<T extends Pick<Awaited<ReturnType<typeof start>>, 'clock'>>(started: T): T {
  const { clock } = started;
  clock.sleep = async (ms) => clock.set(new Date(clock.now() + ms).toISOString());
  return started;
}
