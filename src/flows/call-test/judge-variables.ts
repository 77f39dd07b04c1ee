import type { Judgement, Seen } from './seen.ts';

/** Compares what was sent with what the platform shows of it. */
export function judgeVariables({ headers, record, hasRecords }: Seen): Judgement {
  if (!hasRecords) return { status: 'done', found: 'not looked at: no record of the conversation can be asked for' };
  if (!headers) return { status: 'done', found: 'not compared: it is not known what was sent' };
  const sent = headers.filter(({ isSent }) => isSent).map(({ name }) => name);
  if (sent.length === 0) return { status: 'done', found: 'no header was sent' };
  if (!record) return { status: 'waiting', found: 'the platform has no record of the conversation yet' };

  const shown = new Set(record.variables.map(variableName));
  const missing = sent.filter((name) => !shown.has(variableName(name)));
  const found = sent.map((name) => `${name} ${missing.includes(name) ? 'not seen' : 'seen'}`).join(', ');
  if (missing.length === 0) return { status: 'done', found };
  return { status: record.isOver ? 'failed' : 'waiting', found, fix: fixFor(missing, sent.length) };
}

/** `X-First-Name` and `first_name` are one: platforms take the `X-` off. */
export function variableName(name: string): string {
  return name
    .replace(/^x-/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
}

function fixFor(missing: readonly string[], sent: number): string {
  const prompt = `refer to ${missing.map((name) => `{{${variableName(name)}}}`).join(', ')} in the agent's prompt: a variable that is not used there is not shown`;
  const lost =
    "the call went over the public network (a PSTN hop), whose carriers strip `X-` headers: use a trunk that keeps them, or Patchbay's answer to the platform's inbound-call webhook";
  // All of them are lost together; one or two are not in the prompt.
  const causes = missing.length === sent ? [lost, prompt] : [prompt, lost];
  return `Either ${causes[0]}; or ${causes[1]}.`;
}
