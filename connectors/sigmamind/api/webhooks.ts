import { z } from 'zod';
import type { Page, PageQuery } from './page.ts';
import type { ApiRequests } from './request.ts';
import { Flag, Id, Text, Texts } from './values.ts';

export const Webhook = z.object({
  webhookId: Id,
  name: Text,
  agentId: Text,
  url: Text,
  active: Flag,
  events: Texts,
  /** May be told only when the webhook is made. */
  secret: Text,
});
export type Webhook = z.infer<typeof Webhook>;

export interface NewWebhook {
  name: string;
  agentId: string;
  url: string;
  events: readonly string[];
}

export interface WebhooksApi {
  createWebhook(webhook: NewWebhook): Promise<Webhook>;
  getWebhook(webhookId: string): Promise<Webhook | null>;
  /** Active ones; disabled ones only when asked for. */
  listWebhooks(query: PageQuery & { agentId?: string; active?: boolean }): Promise<Page<Webhook>>;
  /** ASSUMPTION: no page of the reference shows how a webhook is changed. */
  updateWebhook(
    webhookId: string,
    change: Partial<Omit<NewWebhook, 'agentId'> & { active: boolean }>,
  ): Promise<Webhook>;
  deleteWebhook(webhookId: string): Promise<boolean>;
}

export function webhooksApi(requests: ApiRequests): WebhooksApi {
  return {
    createWebhook: (webhook) => requests.write('POST', ['webhooks'], webhook, Webhook),
    getWebhook: (webhookId) => requests.read(['webhooks', webhookId], Webhook),
    listWebhooks: (query) => requests.list(['webhooks'], query, Webhook),
    updateWebhook: (webhookId, change) => requests.write('PATCH', ['webhooks', webhookId], change, Webhook),
    deleteWebhook: (webhookId) => requests.remove(['webhooks', webhookId]),
  };
}
