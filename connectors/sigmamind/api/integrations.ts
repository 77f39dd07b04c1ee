import { z } from 'zod';
import type { Page, PageQuery } from './page.ts';
import type { ApiRequests } from './request.ts';
import { Id, part, Text } from './values.ts';

export const Integration = z.object({
  integrationId: Id,
  name: Text,
  description: Text,
  authentication: part(z.object({ authId: Text, authType: Text })),
  /** Ids of its tools, however they are told. */
  tools: z
    .array(z.union([z.object({ toolId: Id }).transform(({ toolId }) => toolId), Id]))
    .nullish()
    .catch(null)
    .transform((ids) => ids ?? []),
});
export type Integration = z.infer<typeof Integration>;

/** Secrets are not told back. */
export const Auth = z.object({ authId: Id, authType: Text });
export type Auth = z.infer<typeof Auth>;

/** How the platform proves itself to the tools of an integration. */
export type NewAuth = { headers?: readonly { key: string; value: string }[] } & (
  | { authType: 'NO_AUTH' }
  | { authType: 'BASIC_AUTH'; username: string; password: string }
  | { authType: 'BEARER_TOKEN'; token: string }
  | { authType: 'API_KEY'; apiKey: { key: string; value: string; position: 'header' | 'query' } }
);

export interface IntegrationsApi {
  /** `name`: words of small letters with `_` between them, at most 128 characters. */
  createIntegration(integration: { name: string; description: string }): Promise<Integration>;
  getIntegration(integrationId: string): Promise<Integration | null>;
  /** ASSUMPTION: the reference shows no such list. */
  listIntegrations(query: PageQuery): Promise<Page<Integration>>;
  /** ASSUMPTION, as above. False when there was none, or the platform has no way for it. */
  deleteIntegration(integrationId: string): Promise<boolean>;
  updateIntegration(integrationId: string, change: { name?: string; description?: string }): Promise<Integration>;
  createAuth(integrationId: string, auth: NewAuth): Promise<Auth>;
  getAuth(integrationId: string, authId: string): Promise<Auth | null>;
}

export function integrationsApi(requests: ApiRequests): IntegrationsApi {
  return {
    createIntegration: (integration) => requests.write('POST', ['integrations'], integration, Integration),
    getIntegration: (integrationId) => requests.read(['integrations', integrationId], Integration),
    listIntegrations: (query) => requests.list(['integrations'], query, Integration),
    deleteIntegration: (integrationId) => requests.remove(['integrations', integrationId]),
    updateIntegration: (integrationId, change) =>
      requests.write('PATCH', ['integrations', integrationId], change, Integration),
    createAuth: (integrationId, auth) => requests.write('POST', ['integrations', integrationId, 'auth'], auth, Auth),
    getAuth: (integrationId, authId) => requests.read(['integrations', integrationId, 'auth', authId], Auth),
  };
}
