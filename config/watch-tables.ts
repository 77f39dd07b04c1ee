import type { LogMessage } from './log-messages.ts';

interface MetricHead {
  name: string;
  type: string;
  help: string;
  labels: readonly string[];
}

/** The tables of docs/metrics.md: ours, each connector's, and those of every Node.js process. */
export function metricTables(heads: readonly MetricHead[]): string {
  const isOurs = ({ name }: MetricHead) => name.startsWith('patchbay_');
  return [
    '## Of Patchbay',
    '',
    metricTable(heads.filter(isOurs)),
    '',
    '## Of the process',
    '',
    metricTable(heads.filter((head) => !isOurs(head))),
  ].join('\n');
}

function metricTable(heads: readonly MetricHead[]): string {
  const rows = heads.map(
    ({ name, type, labels, help }) => `| \`${name}\` | ${type} | ${words(labels)} | ${cell(help)} |`,
  );
  return ['| Metric | Type | Labels | What it tells |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The table of docs/logs.md. */
export function logTable(messages: readonly LogMessage[]): string {
  const rows = messages.map(({ level, message, fields }) => `| ${level} | ${cell(message)} | ${words(fields)} |`);
  return ['| Level | Message | Fields |', '| --- | --- | --- |', ...rows].join('\n');
}

function words(names: readonly string[]): string {
  return names.map((name) => (name === '…' ? name : `\`${name}\``)).join(', ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
