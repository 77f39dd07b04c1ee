import { randomBytes } from 'node:crypto';
import type { Canary } from '../../support/planted.ts';

const random = () => randomBytes(9).toString('hex');

/** A secret for every place that has one. */
export const secretNames = [
  ...['SECRET', 'VICIDIAL_PASS', 'VICIDIAL_DB_PASS', 'FIVE9_PASS', 'IMPORT_TOKEN', 'PLATFORM_KEY', 'EVENT_TOKEN'],
  ...['INBOUND_TOKEN', 'WEBHOOK_SECRET', 'OIDC_SECRET', 'SCRIPT_KEY', 'TOOLS_KEY', 'VIEWER_PASSWORD', 'ADMIN_PASSWORD'],
  ...['STORE_PASSWORD', 'SCRUB_KEY', 'TRACE_KEY', 'SETUP_PASS', 'REPLICA_PASS'],
  ...['MAIL_PASSWORD', 'CHAT_HOOK', 'PAGER_HOOK', 'PAGER_SECRET'],
] as const;
export type SecretName = (typeof secretNames)[number];
export type Secrets = Readonly<Record<SecretName, string>>;

export function makeSecrets(): Secrets {
  return Object.fromEntries(
    secretNames.map((name) => [name, `canary${name.toLowerCase().replaceAll('_', '')}${random()}`]),
  ) as Secrets;
}

/** Zoe, whom nobody but her dialer and an operator may know. */
export const zoe = {
  national: '3035550173',
  first: 'Zebedea',
  last: 'Quillfeather',
  email: 'zebedea@quillfeather.example',
  street: '17 Marzipan Mews',
  note: 'thinks of a velvet submarine',
  said: 'my password is helicopterblancmange',
};

/** Words of hers that show nowhere but where she is meant. */
export const personal: readonly Canary[] = [
  { kind: 'number', text: zoe.national },
  ...[zoe.first, zoe.last, 'Marzipan', 'velvet submarine', 'helicopterblancmange'].map(
    (text) => ({ kind: 'name', text }) as const,
  ),
];
