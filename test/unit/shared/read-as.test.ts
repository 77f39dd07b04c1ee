import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readAs } from '../../../connectors/shared/read-as.ts';
import { readInboundCall } from '../../../connectors/sigmamind/inbound-call.ts';

/** As JSON brings it: what has no number for a length, and no way to become one. */
const odd: unknown = JSON.parse('{"length":{"toString":1}}');

describe('what another system wrote', () => {
  it('is not understood, and breaks nothing, when it has a length that is none', () => {
    const Name = z.object({ name: z.string().min(1) });

    expect(() => Name.safeParse({ name: odd })).toThrow(TypeError);
    expect(readAs(Name, { name: odd })).toEqual({ success: false });
    expect(readAs(Name, { name: 'Ada' })).toEqual({ success: true, data: { name: 'Ada' } });
  });

  it('is no call when a caller has such a number', () => {
    const params = { token: 't'.repeat(24) };
    const body = Buffer.from(JSON.stringify({ from_number: odd, to_number: odd }));
    const request = { params, query: {}, headers: {}, body };

    expect(readInboundCall(['t'.repeat(24)], request as never)).toEqual({ kind: 'other' });
  });
});
