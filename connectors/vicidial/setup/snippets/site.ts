import type { VicidialConfig } from '../../config.ts';
import type { SiteSetUp } from '../../tables/site-set-up.ts';

/** What a snippet is made from: one configured VICIdial, and where Patchbay is reached. */
export interface Site {
  id: string;
  config: VicidialConfig;
  /** Without a slash at the end. */
  publicUrl: string;
  /** What VICIdial holds already, where that can be read: fewer placeholders are left then. */
  found?: SiteSetUp | null;
}

/** A text ready to paste, and where it goes. */
export interface Snippet {
  name: string;
  /** The admin page and its field. */
  where: string;
  text: string;
  /** What to look at before pasting. */
  notes: readonly string[];
}

/** Names that stand for what only the admin may know. A secret is never written into a snippet. */
export const placeholders = {
  apiKey: 'PATCHBAY_API_KEY',
  client: 'PATCHBAY_CLIENT',
  databasePassword: 'DATABASE_PASSWORD',
  patchbayHost: 'PATCHBAY_HOST',
  number: 'PLATFORM_NUMBER',
  sipHost: 'PLATFORM_SIP_HOST',
  lineUser: 'LINE_USER',
  dialerIp: 'DIALER_IP',
} as const;

/** Those placeholders that a text really holds. */
export function placeholdersIn(text: string): string[] {
  return Object.values(placeholders).filter((name) => new RegExp(`\\b${name}\\b`).test(text));
}
