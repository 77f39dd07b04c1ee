import type { CallDescription } from '../../domain/connector.ts';
import { dialRoute } from '../../domain/dialling.ts';
import type { Judgement } from './seen.ts';

const fixes: Readonly<Record<string, string>> = {
  opt_out: 'This number opted out. Take another one, or undo the opt-out: `npx patchbay opt-outs undo`.',
  outside_hours: 'Test within the calling hours of the number, or change `gate.hours`.',
  no_capacity: 'Test when fewer calls are with the AI, or see docs/capacity.md.',
  no_consent: 'Give the test lead the consent that its campaign asks for: the field of `gate.consent`.',
  scrubbed: 'The scrub service knows this number as one that must not be called: take another one.',
  paused: 'People in charge have paused the campaign: see `npx patchbay controls`.',
  ai_unwell: 'Fewer calls go to the AI than all: see why, and who set that, with `npx patchbay autopilot`.',
  store_away: 'The store did not answer in time: see `npx patchbay doctor --only patchbay`.',
};

/** A call that the gate kept from the AI gets no headers, and nothing after it can come. Null when it is the AI's. */
export function whyNotAi({ call, facts }: CallDescription): (Judgement & { endsTest: true }) | null {
  if (call.route === 'ai' || call.route === dialRoute || call.route === '') return null;
  const evidence = facts.flatMap(({ body }) =>
    body.kind === 'registered' ? Object.entries(body.gate ?? {}).map(([name, value]) => `${name} ${value}`) : [],
  );
  const why = [call.reason || 'no reason was kept', ...new Set(evidence)].join(', ');
  const fix = fixes[call.reason] ?? 'See why with `npx patchbay calls show`.';
  return { status: 'failed', found: `none: the gate sent the call to ${call.route} (${why})`, fix, endsTest: true };
}
