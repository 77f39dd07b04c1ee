import { z } from 'zod';
import type { PlainRequest } from '../../src/domain/connector.ts';
import type { InboundReading } from '../../src/domain/platform.ts';
import { readAs } from '../shared/read-as.ts';
import { snakeName } from './payload.ts';
import { isKnownToken } from './signature.ts';

const Text = z.union([z.string(), z.number().transform(String)]).pipe(z.string().max(40));

/** `{"event":"inbound_call","from_number":"+1…","to_number":"+1…"}`; the guide says that a text message may come too. */
const InboundCall = z.object({
  event: z
    .string()
    .nullish()
    .refine((event) => !event || snakeName(event) === 'inbound_call'),
  from_number: Text.pipe(z.string().min(1)),
  to_number: Text.catch(''),
});

/** Reads the question about a call that comes in. It is not signed: the token in the URL is all the proof there is. */
export function readInboundCall(tokens: readonly string[], request: PlainRequest): InboundReading {
  if (!isKnownToken(tokens, request.params.token)) {
    return { kind: 'denied', why: 'the token in the URL is not one of ours' };
  }
  const call = readAs(InboundCall, parse(request.body)).data;
  return call ? { kind: 'call', from: call.from_number, to: call.to_number } : { kind: 'other' };
}

/** What the agent is told. `override_agent_id` is left out: only one revision of the documentation knows it. */
export function answerInboundCall(variables: Readonly<Record<string, string>>): string {
  return JSON.stringify({ dynamic_variables: variables });
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
