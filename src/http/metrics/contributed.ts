import type { Contributions, Metric } from '../../domain/connector.ts';
import { isPlainLabel, otherLabel } from './labels.ts';

/** Of one metric of a connector no more series are shown: what goes beyond is summed up. */
const mostSeries = 200;

/** What connectors tell of themselves. Two instances of a kind speak of the same metric: its head comes once. */
export function renderContributed(instances: Iterable<Contributions>): string {
  const contributed = [...instances].flatMap((instance) => instance.metrics?.() ?? []);
  return [...Map.groupBy(contributed, ({ name }) => name).values()].map(renderMetric).join('');
}

function renderMetric(metrics: readonly Metric[]): string {
  const [metric] = metrics;
  if (!metric) return '';
  const series = new Map<string, number>();
  for (const { labels, value } of metrics.flatMap(({ samples }) => samples)) {
    const named = textOf(labels, (label) => (isPlainLabel(label) ? label : otherLabel));
    const isRoom = series.has(named) || series.size < mostSeries;
    const text = isRoom ? named : textOf(labels, () => otherLabel);
    series.set(text, (series.get(text) ?? 0) + value);
  }
  const head = [`# HELP ${metric.name} ${metric.help}`, `# TYPE ${metric.name} ${metric.type}`];
  return `${[...head, ...[...series].map(([text, value]) => `${metric.name}${text} ${value}`)].join('\n')}\n`;
}

function textOf(labels: Readonly<Record<string, string>>, show: (label: string) => string): string {
  const pairs = Object.entries(labels).map(([name, label]) => `${name}="${show(label)}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}
