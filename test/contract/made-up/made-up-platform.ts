import { z } from 'zod';
import type { PlatformConnector } from '../../../src/domain/platform.ts';
import type { PlatformView } from '../../../src/domain/site-view.ts';
import { createClient } from './made-up-client.ts';

const OracleConfig = z.strictObject({ type: z.literal('oracle'), url: z.url() });

/** An AI platform that does not exist: nobody talks there, but it tells the doctor what it holds. */
export const oracle = {
  type: 'oracle',
  config: OracleConfig,
  create(id, { url }) {
    const ask = createClient(url);
    return {
      id,
      type: 'oracle',
      receiveEvent: () => ({ kind: 'denied', why: 'it sends none' }),
      readToolCall: () => ({
        correlationId: '',
        variables: {},
        outcome: '',
        summary: '',
        callbackAt: '',
        to: '',
        fields: {},
      }),
      readInboundCall: () => ({ kind: 'other' }),
      answerInboundCall: () => '{}',
      checks: () => [
        {
          id: 'reachable',
          title: 'The oracle answers',
          looksAt: 'GET /platform',
          async run() {
            try {
              await ask('/platform');
              return { status: 'ok', found: 'it answered' };
            } catch {
              return { status: 'fail', found: 'no answer', why: 'Nobody speaks.', fix: 'Start it.' };
            }
          },
        },
      ],
      view: () => ({ needs: ['reachable'], read: async () => (await ask('/platform')) as PlatformView }),
      close: async () => undefined,
    };
  },
} satisfies PlatformConnector<z.infer<typeof OracleConfig>>;
