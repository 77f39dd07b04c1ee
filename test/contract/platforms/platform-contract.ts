import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PlainRequest } from '../../../src/domain/connector.ts';
import type { Platform, PlatformEvent } from '../../../src/domain/platform.ts';

export const callEventKinds = ['started', 'ended', 'analysed'] as const;

export interface EventWish {
  kind: (typeof callEventKinds)[number] | 'unknown';
  callId: string;
  correlationId: string;
  /** When it happened, ISO-8601. */
  at: string;
}

/** One platform, and what its sender would send. `nowMs` is the time of the platform's own clock. */
export interface PlatformSubject {
  platform: Platform;
  nowMs: number;
  /** The bytes of an event. */
  eventBody(wish: EventWish): Buffer;
  /** The request that brings these bytes, rightly signed at that time. */
  signed(body: Buffer, atMs: number): PlainRequest;
  /** Lower-case names of the headers that prove the sender. */
  proofHeaders: readonly string[];
  /** True when the time is signed, so that an old delivery can be told. */
  signsTime: boolean;
  inboundCall(from: string, to: string): PlainRequest;
}

const ada: EventWish = {
  kind: 'ended',
  callId: 'call_ada',
  correlationId: '7k3m9qzx0abc4d',
  at: '2026-03-02T15:02:00.000Z',
};

/** What every AI platform's connector must do with what is sent to it. */
export function describePlatformContract(name: string, make: () => PlatformSubject): void {
  describe(`platform contract: ${name}`, () => {
    let subject: PlatformSubject;
    beforeEach(() => {
      subject = make();
    });

    const send = (wish: EventWish) => subject.signed(subject.eventBody(wish), subject.nowMs);
    const read = (request: PlainRequest) => subject.platform.receiveEvent(request);
    const eventOf = (request: PlainRequest): PlatformEvent => {
      const reading = read(request);
      if (reading.kind !== 'event') throw new Error(`expected an event, got ${JSON.stringify(reading)}`);
      return reading.event;
    };

    it.each(callEventKinds)('reads a signed event: %s', (kind) => {
      const event = eventOf(send({ ...ada, kind }));

      expect(event.body.kind).toBe(kind);
      expect(event.refs).toContainEqual(expect.objectContaining({ instance: subject.platform.id, key: ada.callId }));
      expect(event.variables.correlation_id).toBe(ada.correlationId);
      expect(event.at).toBe(ada.at);
    });

    it('gives a duplicate the same key, and each event and call its own', () => {
      const first = eventOf(send(ada));
      const again = eventOf(subject.signed(subject.eventBody(ada), subject.nowMs + 1000));
      const analysed = eventOf(send({ ...ada, kind: 'analysed' }));
      const bob = eventOf(send({ ...ada, callId: 'call_bob' }));

      expect(again.key).toBe(first.key);
      expect(new Set([first.key, analysed.key, bob.key]).size).toBe(3);
    });

    it('keeps an event that it does not know as a note on its call', () => {
      const event = eventOf(send({ ...ada, kind: 'unknown' }));

      expect(event.body.kind).toBe('noted');
      expect(event.refs).toContainEqual(expect.objectContaining({ instance: subject.platform.id, key: ada.callId }));
    });

    it('denies an event whose bytes were changed', () => {
      const request = send(ada);
      const changed = Buffer.from(request.body.toString().replace(ada.callId, 'call_eve'));

      expect(changed.equals(request.body)).toBe(false);
      expect(read({ ...request, body: changed }).kind).toBe('denied');
    });

    it('denies an event with the wrong token in its URL', () => {
      const request = send(ada);

      expect(read({ ...request, params: { ...request.params, token: 'somebody-elses-token-12345' } }).kind).toBe(
        'denied',
      );
      expect(read({ ...request, params: {} }).kind).toBe('denied');
    });

    it('knows its tokens without the body, each for its own path', () => {
      const { platform } = subject;
      const [event = '', inbound = ''] = [send(ada), subject.inboundCall('+12125550123', '')].map(
        (it) => it.params.token,
      );

      for (const [of, own, other] of [
        ['event', event, inbound],
        ['inbound-call', inbound, event],
      ] as const) {
        expect(platform.knowsToken?.(of, own) ?? true, of).toBe(true);
        for (const wrong of [other, '', own.slice(1), `${own}x`]) {
          expect(platform.knowsToken?.(of, wrong) ?? false, `${of}: ${wrong}`).toBe(false);
        }
      }
    });

    it('denies an event without, with half and with doubled proof', () => {
      const request = send(ada);

      expect(subject.proofHeaders.length).toBeGreaterThan(0);
      for (const header of subject.proofHeaders) {
        const value = request.headers[header] ?? '';
        const { [header]: _, ...without } = request.headers;
        expect(value, header).not.toBe('');
        expect(read({ ...request, headers: without }).kind, `${header} missing`).toBe('denied');
        for (const wrong of ['', value.slice(0, -2), `${value}, ${value}`, `${value}0`]) {
          expect(read({ ...request, headers: { ...request.headers, [header]: wrong } }).kind, wrong).toBe('denied');
        }
      }
    });

    it('denies an event that was signed long ago, where the time is signed', () => {
      const stale = subject.signed(subject.eventBody(ada), subject.nowMs - 3_600_000);

      expect(read(stale).kind).toBe(subject.signsTime ? 'denied' : 'event');
    });

    it('looks at nothing before the proof: rubbish without it is denied, not unreadable', () => {
      const request = send(ada);

      expect(read({ ...request, body: Buffer.from('{"event":') }).kind).toBe('denied');
    });

    it('never throws over a body that was cut off', () => {
      const whole = subject.eventBody(ada);

      for (let length = 0; length < whole.length; length += 1) {
        expect(read(subject.signed(whole.subarray(0, length), subject.nowMs)).kind).toBe('unreadable');
      }
    });

    it('never throws over any JSON, however odd', () => {
      const events = ['conversation_started', 'conversation_ended', 'conversation_analysed'];
      const odd = fc.oneof(
        fc.json(),
        fc
          .record({ event: fc.constantFrom(...events), data: fc.object({ maxDepth: 3 }) })
          .map((it) => JSON.stringify(it)),
      );

      fc.assert(
        fc.property(odd, (text) => {
          expect(read(subject.signed(Buffer.from(text), subject.nowMs)).kind).not.toBe('denied');
        }),
        { numRuns: 300 },
      );
    });

    it("reads an agent's tool call", () => {
      const call = subject.platform.readToolCall({
        correlation_id: ada.correlationId,
        caller_code: 'V3021502000000000042',
        lead_id: '{{lead_id}}',
        call_id: 'null',
        outcome: 'callback',
        summary: 'Ada asked for a call tomorrow.',
        callback_at: '2026-03-03T15:00:00-05:00',
        to: ' sales ',
        budget: '500',
        colour: '',
      });

      expect(call).toEqual({
        correlationId: ada.correlationId,
        variables: expect.objectContaining({ correlation_id: ada.correlationId, caller_code: 'V3021502000000000042' }),
        outcome: 'callback',
        summary: 'Ada asked for a call tomorrow.',
        callbackAt: '2026-03-03T15:00:00-05:00',
        to: 'sales',
        fields: { budget: '500' },
      });
      expect(call.variables).not.toHaveProperty('lead_id');
      expect(call.variables).not.toHaveProperty('call_id');
    });

    it('reads the question about a call that comes in, and answers with variables', () => {
      const reading = subject.platform.readInboundCall(subject.inboundCall('+12125550123', '+19895551234'));
      const answer = subject.platform.answerInboundCall({ correlation_id: ada.correlationId });

      expect(reading).toEqual({ kind: 'call', from: '+12125550123', to: '+19895551234' });
      expect(JSON.stringify(JSON.parse(answer))).toContain(ada.correlationId);
    });

    it('denies that question with the wrong token, and stays polite over other shapes', () => {
      const request = subject.inboundCall('+12125550123', '+19895551234');
      const ask = (change: Partial<PlainRequest>) => subject.platform.readInboundCall({ ...request, ...change }).kind;

      expect(ask({ params: { token: 'somebody-elses-token-12345' } })).toBe('denied');
      for (const text of ['', '{"event":', '[]', 'null', '{"event":"inbound_sms","text":"hello"}']) {
        expect(ask({ body: Buffer.from(text) }), text).toBe('other');
      }
    });
  });
}
