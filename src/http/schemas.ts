import { z } from 'zod';
import { toolErrors } from '../flows/tool-answer.ts';

/** What the documented requests and answers look like; requests are read tolerantly, everything is text. */
export const RegisterRequest = z.object({
  call_id: z
    .string()
    .meta({ description: "The dialer's key of the call. The same call gets the same correlation ID." }),
  session_id: z.string().optional(),
  call_type: z.string().optional().meta({ description: 'Five9: 1, 4, 5 the customer is DNIS; 2 the customer is ANI.' }),
  ani: z.string().optional(),
  dnis: z.string().optional(),
  number: z.string().optional().meta({ description: "The customer's number, when the script knows it." }),
  campaign: z.string().optional(),
  list: z.string().optional(),
  agent: z.string().optional(),
  format: z.enum(['json', 'text', 'xml']).optional(),
});

export const RegisterAnswer = z
  .object({
    status: z.enum(['ok', 'degraded', 'error']),
    route: z.string().meta({ description: 'ai, skill or hangup' }),
    reason: z.string(),
    correlation_id: z.string(),
    error: z.string(),
  })
  .catchall(z.string())
  .meta({ description: 'Then one key per configured header, named as the header is; empty when unknown.' });

export const OutcomeRequest = z.object({
  correlation_id: z.string().optional(),
  call_id: z.string().optional(),
  campaign: z.string().optional(),
  returned_headers: z
    .string()
    .optional()
    .meta({ description: 'Text of the KVList of headers that came back with the hang-up.' }),
  wait_ms: z.string().optional().meta({ description: 'Shortens the wait; 0 does not wait.' }),
  format: z.enum(['json', 'text', 'xml']).optional(),
});

export const OutcomeAnswer = z
  .object({
    status: z.enum(['done', 'pending', 'unknown', 'error']),
    route: z.string().meta({ description: 'skill, callback, dnc, hangup or the site’s own; never empty' }),
    outcome: z.string(),
    disposition: z.string(),
    callback_at: z.string(),
    summary: z.string(),
    correlation_id: z.string(),
    error: z.string(),
  })
  .catchall(z.string())
  .meta({ description: "Then the campaign's screen-pop fields." });

export const ContextRequest = z.object({
  correlation_id: z.string().optional(),
  ani: z.string().optional(),
  call_id: z.string().optional().meta({ description: 'Of the inbound call that asks: it may ask again.' }),
  campaign: z.string().optional(),
  wait_ms: z.string().optional().meta({ description: 'Shortens the wait; 0 does not wait.' }),
  format: z.enum(['json', 'text', 'xml']).optional(),
});

export const HeadersRequest = z.object({
  code: z.string().optional().meta({ description: 'CALLERID(name)' }),
  cl: z.string().optional().meta({ description: 'CONNECTEDLINE(name)' }),
  phone: z.string().optional().meta({ description: 'CALLERID(num)' }),
  uid: z.string().optional().meta({ description: 'UNIQUEID' }),
  number: z.string().optional().meta({ description: 'The number that is dialled toward the platform' }),
  fmt: z.enum(['arr', 'hash', 'json']).optional(),
});

export const CommitRequest = z
  .object({
    correlation_id: z.string().optional(),
    caller_code: z.string().optional(),
    lead_id: z.string().optional(),
    outcome: z.string(),
    summary: z.string().optional(),
    callback_at: z.string().optional().meta({ description: 'ISO-8601 with offset, for the outcome callback' }),
  })
  .catchall(z.string())
  .meta({ description: 'Any further key is kept as a field of the outcome.' });

export const TransferRequest = z
  .object({
    correlation_id: z.string().optional(),
    caller_code: z.string().optional(),
    lead_id: z.string().optional(),
    to: z.string().optional().meta({ description: "A name of the campaign's `transfers`; without it, the default" }),
    summary: z.string().optional(),
  })
  .catchall(z.string())
  .meta({ description: 'Any further key is kept as a field of the outcome.' });

const callNames = {
  correlation_id: z.string().optional(),
  caller_code: z.string().optional(),
  lead_id: z.string().optional(),
  call_id: z.string().optional(),
};

export const FindLeadRequest = z
  .object({
    ...callNames,
    phone: z.string().optional().meta({ description: 'A number that the customer says is theirs' }),
    postal_code: z.string().optional().meta({ description: 'As the customer says it; counts with the last name' }),
    last_name: z.string().optional(),
  })
  .meta({
    description: "By the names of the call it is the call's lead; by what the customer says the one it all fits.",
  });

export const ScheduleCallbackRequest = z
  .object({
    ...callNames,
    when: z.string().optional().meta({
      description:
        'ISO-8601 (without an offset by the customer’s clock), `tomorrow at 3 pm`, `monday morning`, `2026-03-05 afternoon`, `4 pm`, `in 2 hours`. Empty: times are offered.',
    }),
    summary: z.string().optional(),
  })
  .catchall(z.string())
  .meta({ description: 'Any further key is kept as a field of the outcome.' });

export const EndCallRequest = CommitRequest.partial().catchall(z.string());

export const ToolAnswer = z.object({
  ok: z.boolean(),
  say: z.string().meta({ description: 'What the agent does or says now' }),
  outcome: z.string().optional(),
  next: z
    .enum(['stop', 'end_call'])
    .optional()
    .meta({ description: 'stop: the dialer has the customer; end_call: the agent ends the call by its own means' }),
  callback_at: z.string().optional().meta({ description: 'When the customer is called back, UTC' }),
  found: z.boolean().optional(),
  lead: z.record(z.string(), z.string()).optional().meta({ description: 'The configured fields that have a value' }),
  offers: z
    .array(z.object({ at: z.string(), say: z.string() }))
    .optional()
    .meta({ description: 'Times that would do: the instant, and how to say it to the customer' }),
  error: z.enum(toolErrors).optional(),
  allowed: z.array(z.string()).optional(),
});

export const EventAnswer = z.object({ result: z.enum(['recorded', 'duplicate', 'spooled', 'ignored', 'shown']) });

export const ProblemAnswer = z.object({
  type: z.string(),
  status: z.number(),
  title: z.string(),
  detail: z.string(),
});
