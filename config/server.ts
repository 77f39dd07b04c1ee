import { isIP } from 'node:net';
import { z } from 'zod';

const proxyNames = ['loopback', 'linklocal', 'uniquelocal'];

const TlsConfig = z
  .strictObject({
    certFile: z.string().min(1).describe('PEM file with the certificate and those above it (fullchain.pem).'),
    keyFile: z
      .string()
      .min(1)
      .describe('PEM file with the private key, readable for the user of the service and nobody else.'),
    minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe('Oldest version of TLS that is spoken.'),
  })
  .describe('TLS by the service itself; new files are taken up without a restart. (Default: plain HTTP)');

export const ServerConfig = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for every one.'),
    port: z.int().min(0).max(65_535).default(8080).describe('Port to listen on; 0 takes a free one.'),
    publicUrl: z
      .url({ protocol: /^https?$/, error: 'must be a URL that begins with https:// or http://' })
      .optional()
      .describe('Where dialers and platforms reach this server. (Default: made of host and port)'),
    trustedProxies: z
      .array(z.string().refine(isProxy, 'must be an address, a network such as 10.0.0.0/8, or loopback'))
      .default([])
      .describe('Proxies whose X-Forwarded headers are believed: addresses, networks, or loopback.'),
    bodyLimitKb: z.int().min(1).max(10_240).default(256).describe('Largest request body, in KB.'),
    maxConnections: z
      .int()
      .min(10)
      .max(1_000_000)
      .default(4000)
      .describe(
        'Connections at once. Beyond that, those that never proved who they are make room, then those that nobody uses.',
      ),
    drainMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(0)
      .describe(
        'How long /readyz says 503, and requests are still taken, before a stop closes: two looks of a balancer.',
      ),
    tls: TlsConfig.optional(),
  })
  .prefault({})
  .describe('The HTTP server.')
  .transform((server) => ({
    ...server,
    publicUrl: (server.publicUrl ?? `${server.tls ? 'https' : 'http'}://${server.host}:${server.port}`).replace(
      /\/+$/,
      '',
    ),
  }));

function isProxy(text: string): boolean {
  if (proxyNames.includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
