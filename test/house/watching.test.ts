import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scanLogs } from '../../config/log-messages.ts';
import { sourceFiles } from './source-files.ts';

interface Rule {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const { groups } = parse(read('monitoring/prometheus/alerts.yaml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const documented = new Map(
  [...read('docs/metrics.md').matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) \|/gm)].map(
    ([, name = '', type = '', labels = '']) => [
      name,
      { type, labels: new Set([...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label)) },
    ],
  ),
);
const promtool = process.env.PATCHBAY_PROMTOOL ?? 'promtool';
const hasPromtool = spawnSync(promtool, ['--version']).status === 0;

/** What Prometheus adds by itself. */
const ofPrometheus = new Set(['instance', 'job', 'le']);

/** Metrics and labels that an expression names and docs/metrics.md does not. */
function unknownIn(expr: string): string[] {
  const selectors = [...expr.matchAll(/\b((?:patchbay|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)];
  return selectors.flatMap(([, name = '', matchers = '']) => {
    const metric = documented.get(name) ?? documented.get(name.replace(/_(bucket|count|sum)$/, ''));
    if (!metric) return [name];
    const labels = [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label);
    return labels
      .filter((label) => !metric.labels.has(label) && !ofPrometheus.has(label))
      .map((label) => `${name}{${label}}`);
  });
}

describe('the rules that wake a person', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s names what exists, and says what to do',
    (alert, rule) => {
      expect(unknownIn(rule.expr)).toEqual([]);
      expect(['page', 'ticket']).toContain(rule.labels.severity);
      expect(rule.annotations.summary).toMatch(/\S/);
      expect(rule.annotations.runbook).toBe(`docs/alerts.md#${alert.toLowerCase()}`);
      expect(read('docs/alerts.md')).toContain(`\n## ${alert}\n`);
      expect(read('monitoring/prometheus/alerts.test.yaml')).toContain(`\n        alertname: ${alert}\n`);
    },
  );

  it('are told of in no section that has no rule', () => {
    const sections = [...read('docs/alerts.md').matchAll(/^## (\w+)$/gm)].map(([, name]) => name);

    expect(sections.sort()).toEqual(rules.map(({ alert }) => alert).sort());
  });

  // Needs promtool, of Debian's package prometheus: on the PATH, or named by PATCHBAY_PROMTOOL.
  it.skipIf(!hasPromtool)('fire when they should, by promtool', { timeout: 60_000 }, () => {
    const folder = fileURLToPath(new URL('../../monitoring/prometheus/', import.meta.url));
    for (const args of [
      ['check', 'config', 'prometheus.yml'],
      ['test', 'rules', 'alerts.test.yaml'],
    ]) {
      const { status, stdout, stderr } = spawnSync(promtool, args, { cwd: folder, encoding: 'utf8' });
      expect(status, stdout + stderr).toBe(0);
    }
  });
});

it('the dashboard names metrics that exist, each panel with words of its own', () => {
  const { panels } = JSON.parse(read('monitoring/grafana/dashboard.json')) as {
    panels: { type: string; title: string; description?: string; targets?: { expr: string }[] }[];
  };
  const shown = panels.filter(({ type }) => type !== 'row');

  expect(shown.flatMap(({ targets }) => (targets ?? []).flatMap(({ expr }) => unknownIn(expr)))).toEqual([]);
  expect(shown.filter(({ description }) => !description)).toEqual([]);
  expect(new Set(shown.map(({ title }) => title)).size).toBe(shown.length);
});

it('an expression with a name or a label that nobody tells is seen', () => {
  expect(unknownIn('sum(patchbay_nothing_total) > 0')).toEqual(['patchbay_nothing_total']);
  expect(unknownIn('patchbay_write_backs{phone="1"}')).toEqual(['patchbay_write_backs{phone}']);
});

describe('the log', () => {
  const sources = sourceFiles().filter(({ path }) => /^(src|connectors)\/.*\.ts$/.test(path));

  it('says each thing with one text that is always the same', () => {
    const { messages, faults } = scanLogs(sources);

    expect(faults).toEqual([]);
    expect(messages.length).toBeGreaterThan(100);
  });

  it.each([
    ['a text that is put together', 'deps.log.warn({ id }, `call $' + '{id} failed`);'],
    ['a text that comes from elsewhere', 'deps.log.error(fields, messageOf(error));'],
    ['a text of two', "log.info({}, isLate ? 'late' : 'in time');"],
    ['no text', 'logger.info({ id });'],
  ])('may not be given %s', (_name, source) => {
    expect(scanLogs([{ path: 'src/flows/a.ts', source }]).faults).toHaveLength(1);
  });

  it('is read with its fields, by name or in place', () => {
    const source = [
      'const fields = { dialer: id, ...(isBig && { count }), ...rest };',
      "log.warn(fields, 'it\\'s odd');",
      "log?.info({ 'a-b': f(1, 2), c }, 'plain');",
      "onWarning('handed on', { file });",
    ].join('\n');

    expect(scanLogs([{ path: 'src/flows/a.ts', source }]).messages).toEqual([
      { level: 'warn', message: 'handed on', fields: ['file'] },
      { level: 'warn', message: "it's odd", fields: ['count', 'dialer', '…'] },
      { level: 'info', message: 'plain', fields: ['a-b', 'c'] },
    ]);
  });
});
