import { type AgentsApi, agentsApi } from './agents.ts';
import { type CallsApi, callsApi } from './calls.ts';
import { type CampaignsApi, campaignsApi } from './campaigns.ts';
import { type ChatsApi, chatsApi } from './chats.ts';
import { type IntegrationsApi, integrationsApi } from './integrations.ts';
import { type PhoneNumbersApi, phoneNumbersApi } from './phone-numbers.ts';
import { type ApiConfig, type ApiDeps, createRequests } from './request.ts';
import { type ToolsApi, toolsApi } from './tools.ts';
import { type WebhooksApi, webhooksApi } from './webhooks.ts';

/** The platform's REST API, one interface per resource. Every method fails with ConnectorError only. */
export interface SigmamindApi
  extends CallsApi,
    CampaignsApi,
    PhoneNumbersApi,
    WebhooksApi,
    AgentsApi,
    IntegrationsApi,
    ToolsApi,
    ChatsApi {}

/** @param config `dialling.campaignFile` (Default: json) */
export function createSigmamindApi(
  deps: ApiDeps,
  config: ApiConfig & { dialling?: { campaignFile: 'json' | 'multipart' } },
): SigmamindApi {
  const requests = createRequests(deps, config);
  return {
    ...callsApi(requests),
    ...campaignsApi(requests, config.dialling?.campaignFile ?? 'json'),
    ...phoneNumbersApi(requests),
    ...webhooksApi(requests),
    ...agentsApi(requests),
    ...integrationsApi(requests),
    ...toolsApi(requests),
    ...chatsApi(requests),
  };
}
