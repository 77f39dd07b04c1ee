import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { type BarChart, barChart } from '../../../src/console/charts/bar-chart.ts';
import { plainSvg } from '../../../src/console/charts/plain-svg.ts';

const hostile = '<script>alert(1)</script>"\' onload="x" ]]>';
const hours: BarChart = {
  id: 'hours',
  title: 'Calls by hour',
  description: '61 calls today.',
  categoryTitle: 'Hour',
  categories: ['09', '10', '11'],
  series: [
    { title: 'Qualified', ink: 'qualified', values: [1, 2, 3] },
    { title: 'Spoken with', ink: 'contact', values: [12, 0, 17] },
    { title: 'A week ago', ink: 'before', values: [9, 8, 26], isLine: true },
  ],
  legend: [
    { ink: 'qualified', title: 'Qualified', count: 6 },
    { ink: 'contact', title: 'Spoken with', count: 29 },
  ],
};
const outcomes: BarChart = {
  ...{ id: 'outcomes', title: 'By outcome', description: hostile, categoryTitle: 'Outcome', isLying: true, legend: [] },
  categories: ['no answer', hostile],
  series: [{ title: 'Calls', ink: ['no-contact', 'qualified'], values: [12_345, 7] }],
};

describe.each([
  ['bars that stand', hours],
  ['bars that lie', outcomes],
])('%s', (_name, chart) => {
  it('are well-formed, and hold nothing that the policy of the page forbids', async () => {
    const { markup } = await barChart(chart);

    const { elements, attributes } = read(markup);
    expect(elements).not.toContain('style');
    expect(elements).not.toContain('script');
    expect(
      [...attributes].filter((name) => name === 'style' || name.startsWith('on') || name.includes('href')),
    ).toEqual([]);
    expect(markup).not.toMatch(/#0101\d\d/);
  });

  it('have a name and a description, and each id once', async () => {
    const { markup } = await barChart(chart);

    const { ids, labels } = read(markup);
    expect(new Set(ids).size).toBe(ids.length);
    for (const label of labels) expect(ids).toContain(label);
    expect(markup.match(/role="img"/g)).toHaveLength(3);
  });
});

it('say each number as a table too, and in the shapes themselves', async () => {
  const { markup } = await barChart(hours);

  expect(markup).toMatch(/<details/);
  expect(markup).toMatch(/<th scope="row" data-label="Hour">11<\/th><td class="number" data-label="Qualified">3<\/td>/);
  expect(markup).toContain('<title>11: Spoken with 17</title>');
  expect((await barChart(outcomes)).markup).toContain('12,345');
});

it('tell their parts apart by more than colour', async () => {
  const { markup } = await barChart(hours);

  expect(markup).toContain('fill="url(#hours-wide-contact)"');
  expect(markup).toContain('<pattern id="hours-wide-contact"');
});

it('draw what comes from outside as text', async () => {
  const { markup } = await barChart(outcomes);

  expect(markup).not.toContain('<script');
  expect(markup).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

it('draw nothing anew while the numbers are the same', async () => {
  const first = await barChart(hours);

  expect(await barChart({ ...hours })).toBe(first);
  expect(await barChart({ ...hours, title: 'Others' })).not.toBe(first);
});

it('draw no bars without numbers, and fail not', async () => {
  const { markup } = await barChart({ ...hours, categories: [], series: [], legend: [] });

  expect(read(markup).elements).toContain('svg');
});

it('keeps only what it knows of a drawing', () => {
  const drawn =
    '<svg viewBox="0 0 9 9"><g onclick="x()"><a href="javascript:x()"><text>in a link</text></a>' +
    '<style>text{}</style><image href="http://x.example"/><path d="M0 0" style="fill:red;font-size:9px" fill="#010101"/></g></svg>';

  const { markup, viewBox, used } = plainSvg(drawn, 'x');

  expect(markup).toBe('<g><path d="M0 0" fill="var(--chart-5)" font-size="9px"></path></g>');
  expect(viewBox).toBe('0 0 9 9');
  expect(used).toEqual(['qualified']);
});

function read(markup: string) {
  const parser = new SaxesParser();
  const elements: string[] = [];
  const attributes = new Set<string>();
  const ids: string[] = [];
  const labels: string[] = [];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    elements.push(tag.name);
    for (const [name, value] of Object.entries(tag.attributes as Record<string, string>)) {
      attributes.add(name);
      if (name === 'id') ids.push(value);
      if (name === 'aria-labelledby') labels.push(...value.split(' '));
    }
  });
  parser.write(markup.replaceAll('&nbsp;', ' ')).close();
  return { elements, attributes, ids, labels };
}

it('are drawn whatever a name holds: control characters, half letters', async () => {
  const categories = ['a\u0001b\u001b[31m', '\ud83d', '😀'.repeat(30), '\uffff'];
  const series = [{ title: 'Calls', ink: 'contact' as const, values: [1, 2, 3, 4] }];

  const { markup } = await barChart({ ...outcomes, id: 'odd', categories, series });

  expect(markup).toContain(`${'😀'.repeat(23)}…`);
});
