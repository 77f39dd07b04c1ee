import { describe, expect, it } from 'vitest';
import { address } from '../../../src/console/address.ts';
import { attributes } from '../../../src/console/attributes.ts';
import { outcomeBadge, writeBackBadge } from '../../../src/console/components/badge.ts';
import { definitions } from '../../../src/console/components/definitions.ts';
import { field, select } from '../../../src/console/components/field.ts';
import { externalLink } from '../../../src/console/components/links.ts';
import { maskedPhone, spacedPhone } from '../../../src/console/components/phone.ts';
import { table } from '../../../src/console/components/table.ts';
import { ago, duration, time } from '../../../src/console/components/time.ts';
import { html, live } from '../../../src/console/html.ts';
import { writeBackStates } from '../../../src/domain/write-back.ts';

const clock = { zone: 'America/New_York', now: '2026-03-02T17:00:00.000Z' };
const stored = `"><script>alert('x')</script>`;

describe('a time', () => {
  it.each([
    ['today', '2026-03-02T14:05:09.000Z', '09:05'],
    ['yesterday in the zone, though not in UTC', '2026-03-02T03:30:00.000Z', '1 Mar, 22:30'],
    ['another year', '2025-12-31T12:00:00.000Z', '31 Dec 2025, 07:00'],
  ])('of %s', (_name, instant, shown) => {
    expect(time(instant, clock).markup).toContain(`>${shown}</time>`);
  });

  it('says the whole of it in its title, with the zone', () => {
    const { markup } = time('2026-07-02T14:05:09.000Z', clock);

    expect(markup).toContain('datetime="2026-07-02T14:05:09.000Z"');
    expect(markup).toMatch(/title="2 Jul 2026, 10:05:09 (EDT|GMT-4)"/);
  });

  it('is a dash where there is none', () => {
    expect(time(null, clock).markup).toContain('–');
  });

  it.each([
    ['2026-03-02T16:59:20.000Z', '40 s ago'],
    ['2026-03-02T19:30:00.000Z', 'in 2 h'],
    ['2026-02-25T17:00:00.000Z', '5 d ago'],
  ])('%s is %s', (instant, words) => {
    expect(ago(instant, clock).markup).toContain(`>${words}<`);
  });
});

it.each([
  [0, '0 s'],
  [42, '42 ms'],
  [1449, '1.4 s'],
  [59_700, '1 min'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [-1500, '−1.5 s'],
  [null, '–'],
])('%s ms last %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

describe('a phone number', () => {
  it.each([
    ['+15555550123', '••• ••• 0123'],
    ['+4930123', '••• ••• 0123'],
    ['110', '••• •••'],
    ['', ''],
    [null, ''],
  ])('%s is masked', (phone, masked) => {
    expect(maskedPhone(phone)).toBe(masked);
  });

  it('is spaced for who may see it', () => {
    expect(spacedPhone('+15555550123')).toBe('+1 555 555 0123');
  });
});

describe('foreign text', () => {
  it('leaves no attribute', () => {
    expect(attributes({ title: stored }).markup).not.toMatch(/[<>]|""/);
    expect(field({ name: 'text', label: stored, value: stored }).markup).not.toContain('<script');
    expect(select({ name: 'dialer', label: 'Dialer', options: [stored], value: stored }).markup).not.toContain(
      '<script',
    );
  });

  it('is no attribute that acts', () => {
    expect(() => attributes({ onclick: 'go()' })).toThrow();
    expect(() => attributes({ style: 'color: red' })).toThrow();
    expect(() => attributes({ 'x onclick': 'go()' })).toThrow();
  });

  it.each(['javascript:alert(1)', ' https://example.com', 'data:text/html,x', '//example.com', 'https://'])(
    'is no link: %s',
    (url) => {
      expect(externalLink(url).markup).not.toContain('href');
    },
  );

  it('is a link where it is an address', () => {
    expect(externalLink('https://rec.example.com/a?b=1&c="').markup).toContain(
      'href="https://rec.example.com/a?b=1&amp;c=&quot;"',
    );
  });

  it('stays within the query of an address', () => {
    expect(address('calls', { text: 'a&b=c', after: '', dialer: null })).toBe('/console/calls?text=a%26b%3Dc');
  });
});

describe('a field', () => {
  it('offers what may be meant, by a list of its own', () => {
    const { markup } = field({ name: 'campaign', id: 'pause-campaign', label: 'Campaign', offers: ['Spring', stored] });

    expect(markup).toMatch(/<input[^>]* list="pause-campaign-offers"/);
    expect(markup).toContain('<datalist id="pause-campaign-offers"><option value="Spring"></option>');
    expect(markup).not.toContain('<script');
  });

  it('without offers has none', () => {
    expect(field({ name: 'campaign', label: 'Campaign' }).markup).not.toContain('list');
  });
});

describe('a table', () => {
  it('names its rows and columns, and each cell for a phone', () => {
    const { markup } = table({
      caption: 'Calls',
      head: ['Time', { title: 'Talk', isNumber: true }, { title: 'Act', isTitleHidden: true }],
      rows: [{ cells: ['09:05', '12 s', html`<a href="/console">go</a>`], id: 'row-1' }],
      empty: 'No call yet.',
    });

    expect(markup).toContain('<caption class="heard">Calls</caption>');
    expect(markup).toContain('<th scope="row" data-label="Time">09:05</th>');
    expect(markup).toContain('<td class="number" data-label="Talk">12 s</td>');
    expect(markup).toContain('<td ><a href="/console">go</a></td>');
  });

  it('says what would be there where it is empty', () => {
    const { markup } = table({ caption: 'Calls', head: ['Time'], rows: [], empty: 'No call yet.' });

    expect(markup).toContain('No call yet.');
    expect(markup).not.toContain('<table');
  });

  it('carries the live parts of its cells', () => {
    const row = [live('figure', html`<b>7</b>`)];

    const { parts } = table({ caption: 'Figures', head: ['Figure'], rows: [row], empty: '' });

    expect([...parts.keys()]).toEqual(['figure']);
  });
});

it('leaves out what is not there of a list of values', () => {
  const { markup } = definitions([
    ['Lead', 'Ada'],
    ['Callback', null],
    ['Note', ''],
  ]);

  expect(markup).toContain('<dt>Lead</dt><dd>Ada</dd>');
  expect(markup).not.toContain('Callback');
});

it('shows each state by a word and a shape', () => {
  for (const state of writeBackStates) {
    expect(writeBackBadge({ state }).markup).toMatch(/<svg.*aria-hidden="true".*<\/svg>[a-z]+<\/span>$/);
  }
  expect(writeBackBadge({ state: 'pending', attempts: 2 }).markup).toContain('retrying');
  expect(outcomeBadge('our_own_code').markup).toContain('our own code');
  expect(outcomeBadge(null).markup).toContain('no outcome yet');
});
