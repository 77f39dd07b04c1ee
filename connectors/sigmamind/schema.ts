import { z } from 'zod';

/** Ids are opaque; the old API had numbers. */
const Id = z.union([z.string(), z.number()]).transform(String);
const Text = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

/** Lists come as an array, or, from a slip of the platform's generator, as one text. */
const EventNames = z
  .union([z.array(z.string()), z.string()])
  .nullish()
  .transform((events) =>
    (typeof events === 'string' ? events.split(',') : (events ?? [])).map((event) => event.trim()),
  );

/** Call record of `GET /v1/calls/{callId}`; what varies between the platform's generations is read by payload.ts. */
export const CallRecord = z.looseObject({
  callId: Id,
  callType: Text,
  status: Text,
  createdAt: Text,
});
export type CallRecord = z.infer<typeof CallRecord>;

/** Webhook of `GET /v1/webhooks`. */
export const Webhook = z.object({
  webhookId: Id,
  agentId: Text,
  url: Text,
  active: z
    .boolean()
    .nullish()
    .transform((isActive) => isActive ?? true),
  events: EventNames,
  secret: Text,
});
export type Webhook = z.infer<typeof Webhook>;

/** Number of `GET /v1/phone-numbers`. */
export const PhoneNumber = z.object({
  sipPhoneNumber: Text,
  provider: Text,
  inboundAgentId: Text,
  active: z
    .boolean()
    .nullish()
    .transform((isActive) => isActive ?? true),
});
export type PhoneNumber = z.infer<typeof PhoneNumber>;

/** One page of any list; the rows are read one by one. */
export const ListPage = z.preprocess(
  (value) => (Array.isArray(value) ? { data: value } : value),
  z.object({
    data: z.array(z.unknown()),
    totalCount: z.int().optional(),
    totalCounts: z.int().optional(),
    hasNext: z.boolean().nullish(),
  }),
);

/** Spring-style error body; only its title is kept: a message may repeat what was sent. */
export const ErrorBody = z.object({ error: z.string().max(80) });
