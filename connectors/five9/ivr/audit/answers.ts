import { outcomeKeys, registerKeys } from '../regexes.ts';
import type { AuditContext } from './audit-context.ts';
import { type Query, sentValue } from './query.ts';

/** An answer of ours as a regular expression meets it. */
export interface SampleAnswer {
  text: string;
  /** What tells it from the others, in words. */
  title: string;
  values: ReadonlyMap<string, string>;
}

const registerStatuses = ['ok', 'degraded', 'error'];
const outcomeStatuses = ['done', 'pending', 'unknown', 'error'];

/** Answers that an endpoint of ours may give: the first has a value under every key, no two alike. */
export function sampleAnswers(query: Query, context: AuditContext): SampleAnswer[] {
  const format = formatOf(query);
  const isRegister = query.endpoint === 'register';
  const keys = isRegister
    ? [...registerKeys, ...context.headers.map(({ name }) => name)]
    : [...outcomeKeys, ...(query.endpoint === 'context' ? context.sharedScreenPop : context.screenPop)];
  const routes = isRegister ? ['ai', 'hangup', ...context.safeRoutes] : context.routes;
  const full = new Map(keys.map((key) => [key, example(key)]));
  const empty = new Map(keys.map((key) => [key, '']));
  const make = (title: string, base: ReadonlyMap<string, string>, changes: Record<string, string>): SampleAnswer => {
    const values = new Map([...base, ...Object.entries(changes)]);
    return { title, values, text: render(values, format) };
  };
  if (isRegister) {
    return [
      make('every value there', full, { status: 'ok', route: 'ai', reason: 'caller_known' }),
      ...registerStatuses.map((status) =>
        make(`status ${status} and no other value`, empty, { status, route: 'skill' }),
      ),
      ...routes.map((route) => make(`route ${route}`, full, { status: 'ok', route, reason: '' })),
    ];
  }
  return [
    make('every value there', full, { status: 'done', route: 'callback', outcome: 'qualified' }),
    ...outcomeStatuses.map((status) =>
      make(`status ${status} and no outcome`, empty, { status, route: context.safeRoutes[0] ?? 'skill' }),
    ),
    ...routes.map((route) => make(`route ${route}`, full, { status: 'done', route })),
    ...context.outcomes.map((outcome) => make(`outcome ${outcome}`, full, { status: 'done', route: 'skill', outcome })),
  ];
}

/** As it may come: the text in the form that the Query asks for. */
function formatOf(query: Query): string {
  const sent = sentValue(query, 'format');
  return typeof sent === 'object' && sent.kind === 'constant' ? sent.text : 'json';
}

const examples: Readonly<Record<string, string>> = {
  callback_at: '2026-05-04T15:30:00-04:00',
  summary: 'Wants a quote in May',
  correlation_id: '0123456789abcd',
  disposition: 'AI Qualified',
  error: 'nothing to tell',
};

function example(key: string): string {
  return examples[key] ?? `value of ${key}`;
}

function render(values: ReadonlyMap<string, string>, format: string): string {
  const entries = [...values];
  if (format === 'text') return entries.map(([key, value]) => `${key}=${value}\n`).join('');
  if (format === 'xml') {
    const vars = entries.map(([key, value]) => `<var name="${key}" expr="${value}"/>`).join('');
    return `<?xml version="1.0" encoding="UTF-8"?><vars>${vars}</vars>`;
  }
  return `{${entries.map(([key, value]) => `"${key}":"${value}"`).join(',')}}`;
}
