import { Router } from 'express';
import type { World } from '../world.ts';
import { createAgentRoutes } from './agents.ts';
import { createCallRoutes } from './calls.ts';
import { createCampaignRoutes } from './campaigns.ts';
import { createChatRoutes } from './chats.ts';
import { createIntegrationRoutes } from './integrations.ts';
import { createPhoneNumberRoutes } from './phone-numbers.ts';
import type { RestState } from './state.ts';
import { createWebhookRoutes } from './webhooks.ts';

/** The REST API below `/v1`, one file per resource. */
export function createRestRoutes(world: World, state: RestState): Router {
  const routes = Router();
  routes.use(
    createCallRoutes(world, state),
    createCampaignRoutes(world, state),
    createWebhookRoutes(world),
    createPhoneNumberRoutes(world, state),
    createAgentRoutes(world, state),
    createIntegrationRoutes(world, state),
    createChatRoutes(world),
  );
  return routes;
}
