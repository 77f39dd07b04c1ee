import { placeholders, type Site, type Snippet } from './site.ts';

/** Ids only: VICIdial runs the URL through a shell, where a lead's text could be a command. */
const parameters = [
  ['call_id', 'call_id'],
  ['lead_id', 'lead_id'],
  ['uniqueid', 'uniqueid'],
  ['user', 'user'],
  ['campaign', 'campaign_id'],
] as const;

/** The Start Call URL: the dialer's second, independent notice of each hand-over. */
export function startUrlSnippet(site: Site): Snippet {
  return {
    name: 'start-url',
    where: 'Admin, Campaigns, Detail View: Start Call URL',
    text: startUrl(site),
    notes: [
      'Never add names, addresses or comments: the dialer runs this line through a shell.',
      `Replace ${placeholders.client} and ${placeholders.apiKey} by the name and key of an API client that may "dialer".`,
    ],
  };
}

export function startUrl({ id, publicUrl }: Pick<Site, 'id' | 'publicUrl'>): string {
  const [scheme = 'http', address = placeholders.patchbayHost] = publicUrl.split('://', 2);
  const query = parameters.map(([name, field]) => `${name}=--A--${field}--B--`).join('&');
  const login = `${placeholders.client}:${placeholders.apiKey}`;
  return `VAR${scheme}://${login}@${address}/v1/dialers/${id}/start?${query}`;
}
