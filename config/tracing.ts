import { z } from 'zod';

export const TracingConfig = z
  .strictObject({
    endpoint: z
      .url({ protocol: /^https?$/, error: 'must be a URL that begins with https:// or http://' })
      .describe(
        'Where spans are sent by OTLP over HTTP, as JSON: the whole URL, such as http://127.0.0.1:4318/v1/traces.',
      ),
    headers: z
      .record(z.string(), z.string().meta({ secret: true }))
      .default({})
      .describe('Sent with them, such as Authorization.'),
    sampleRatio: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe('Share of the traces that are kept: 0.1 is every tenth. Who calls us may leave one out, not add one.'),
    serviceName: z.string().min(1).max(100).default('patchbay').describe('What the service is called there.'),
  })
  .describe('Traces by OpenTelemetry. (Default: none, and none of its code is loaded)');
