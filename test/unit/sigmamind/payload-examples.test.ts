import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import type { EventReading } from '../../../src/domain/platform.ts';
import { testConnectorDeps } from './test-deps.ts';

const token = 'event-token-0123456789abcdef';
const platform = sigmamind.create(
  'sigmamind',
  SigmamindConfig.parse({
    type: 'sigmamind',
    apiKey: 'k',
    webhook: { tokens: [token], signature: { preset: 'none', insecure: true } },
    analysis: { outcomeFrom: 'qualification', outcomes: { Interested: 'qualified' } },
  }),
  testConnectorDeps,
);

/** What an example says should be read from it; what is missing here is not looked at. */
const Example = z.strictObject({
  expect: z.strictObject({
    kind: z.string(),
    call: z.string().optional(),
    event: z.string().optional(),
    variables: z.record(z.string(), z.string()).optional(),
    numbers: z.strictObject({ customer: z.string(), own: z.string() }).optional(),
    at: z.string().optional(),
    startedAt: z.string().optional(),
    outcome: z.string().optional(),
    summary: z.string().optional(),
    /** Texts that a note must have, and must not have. */
    with: z.array(z.string()).default([]),
    without: z.array(z.string()).default([]),
  }),
  body: z.unknown(),
});

const folder = (name: string) => new URL(`${name}/`, import.meta.url);

describe('every example of an event', () => {
  it.each(readdirSync(folder('good')))('is read as it says: %s', (file) => {
    const { expect: wanted, body } = Example.parse(JSON.parse(readFileSync(new URL(file, folder('good')), 'utf8')));

    const reading = receive(Buffer.from(JSON.stringify(body)));

    const { with: shown, without, ...fields } = wanted;
    expect(flat(reading)).toMatchObject(fields);
    const text = JSON.stringify(reading.kind === 'event' ? reading.event.body : reading);
    for (const part of shown) expect(text).toContain(part);
    for (const part of without) expect(text).not.toContain(part);
  });

  it.each(readdirSync(folder('bad')))('that is none is told apart: %s', (file) => {
    expect(receive(readFileSync(new URL(file, folder('bad')))).kind).toBe('unreadable');
  });
});

it('keeps no more of an unknown event than 4,000 characters', () => {
  const body = {
    event: 'node_executed',
    callId: 'c1',
    nodes: Array.from({ length: 900 }, (_, index) => `node ${index}`),
  };

  const reading = receive(Buffer.from(JSON.stringify({ ...body, more: Array(40).fill(body) })));

  const note = reading.kind === 'event' && reading.event.body.kind === 'noted' ? reading.event.body.text : '';
  expect(note).toHaveLength(4000);
});

function receive(body: Buffer): EventReading {
  return platform.receiveEvent({ method: 'POST', params: { token }, query: {}, headers: {}, body });
}

function flat(reading: EventReading): Record<string, unknown> {
  if (reading.kind !== 'event') return { ...reading };
  const { refs, body, ...event } = reading.event;
  return { ...event, ...body, ...(refs[0] && { call: refs[0].key }) };
}
