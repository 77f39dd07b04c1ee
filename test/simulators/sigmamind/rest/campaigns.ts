import express, { type Request, Router } from 'express';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { inBackground, newSimId, note, type World } from '../world.ts';
import { type CampaignRow, readRows } from './campaign-rows.ts';
import { runCampaign, type SimCampaign } from './run-campaign.ts';
import { page, type RestState, type Row, sendError } from './state.ts';

/** Numbers and flags come as text in a form. */
const Fields = z.object({
  campaignName: z.string().min(1).max(128),
  sipPhoneNumber: z.string().regex(/^\+[1-9][0-9]{6,14}$/),
  agentId: z.string().min(1).max(64),
  concurrentCalls: z.coerce.number().int().min(1).default(1),
  dynamicVariables: z.preprocess(
    (value) => (typeof value === 'string' ? JSON.parse(value) : value),
    z.record(z.string(), z.unknown()).default({}),
  ),
  isScheduled: z.preprocess((value) => value === true || value === 'true', z.boolean()),
  scheduledDate: z.iso.date().optional(),
  scheduledTime: z
    .string()
    .regex(/^\d\d:\d\d(:\d\d)?$/)
    .optional(),
  scheduledTimezone: z.string().optional(),
});
type Fields = z.infer<typeof Fields>;

/** Campaigns: the rows of a file become calls. */
export function createCampaignRoutes(world: World, rest: RestState): Router {
  const routes = Router();
  const { campaigns } = rest;

  routes.post('/campaigns', express.raw({ type: 'multipart/form-data', limit: '50mb' }), async (request, response) => {
    const body = await bodyOf(request);
    const isForm = Buffer.isBuffer(request.body);
    const isTaken = { json: !isForm, multipart: isForm, both: true }[world.switches.campaignFile];
    const fields = Fields.safeParse(body.fields);
    if (!isTaken || !fields.success || body.csv === '') return sendError(world, request, response, 400);
    if (nameIsTaken(campaigns, fields.data.campaignName)) return sendError(world, request, response, 409);
    const { rows, errors } = readRows(body.csv, world.switches.csvNamesBecomeSnake);
    const campaign = newCampaign(world, fields.data, rows, errors);
    campaigns.set(campaign.campaignId, campaign);
    note(world, 'campaign-made', campaign.campaignId, campaign.campaignName, 'api');
    inBackground(world, () => runCampaign(world, campaign));
    if (world.faults.loseAnswers > 0) {
      world.faults.loseAnswers -= 1;
      return void request.socket.destroy();
    }
    response.json(show(campaign));
  });
  routes.get('/campaigns', (request, response) => {
    const { status } = request.query;
    const rows = [...campaigns.values()].filter((each) => !status || each.campaignStatus === status);
    response.json(page(world, request, rows.map(show)));
  });
  routes.get('/campaigns/:id', (request, response) => {
    const campaign = campaigns.get(request.params.id);
    return campaign ? response.json(show(campaign)) : sendError(world, request, response, 404);
  });
  routes.patch('/campaigns/:id', (request, response) => {
    const campaign = campaigns.get(request.params.id);
    const change = Fields.partial().safeParse(request.body);
    if (!campaign) return sendError(world, request, response, 404);
    if (!change.success) return sendError(world, request, response, 400);
    const named = Object.fromEntries(Object.entries(change.data).filter(([name]) => name in request.body));
    const { campaignName, sipPhoneNumber, agentId, concurrentCalls } = { ...campaign, ...named } as SimCampaign;
    Object.assign(campaign, { campaignName, sipPhoneNumber, agentId, concurrentCalls });
    if (change.data.isScheduled) campaign.startsAt = startOf(world, change.data);
    response.json(show(campaign));
  });
  // ASSUMPTION: a tag of the reference speaks of deleting.
  routes.delete('/campaigns/:id', (request, response) => {
    const campaign = campaigns.get(request.params.id);
    if (!campaign) return sendError(world, request, response, 404);
    campaign.rows.length = 0;
    campaigns.delete(campaign.campaignId);
    response.status(204).end();
  });
  return routes;
}

/** JSON with the file in base64, or a form. */
async function bodyOf(request: Request): Promise<{ fields: unknown; csv: string }> {
  if (!Buffer.isBuffer(request.body)) {
    const { file, ...fields } = (request.body ?? {}) as Row;
    return { fields, csv: typeof file === 'string' ? Buffer.from(file, 'base64').toString() : '' };
  }
  const headers = { 'content-type': request.get('content-type') ?? '' };
  const form = await new Response(new Uint8Array(request.body), { headers }).formData();
  const { file, ...fields } = Object.fromEntries(form);
  return { fields, csv: file instanceof File ? await file.text() : '' };
}

function nameIsTaken(campaigns: ReadonlyMap<string, SimCampaign>, name: string): boolean {
  return [...campaigns.values()].some(({ campaignName }) => campaignName === name);
}

function newCampaign(world: World, fields: Fields, rows: CampaignRow[], errors: string[]): SimCampaign {
  const { campaignName, sipPhoneNumber, agentId, concurrentCalls, dynamicVariables } = fields;
  const variables = Object.fromEntries(Object.entries(dynamicVariables).map(([name, value]) => [name, String(value)]));
  return {
    campaignId: newSimId('camp'),
    campaignName,
    campaignStatus: fields.isScheduled ? 'scheduled' : 'live',
    startsAt: fields.isScheduled ? startOf(world, fields) : null,
    concurrentCalls,
    sipPhoneNumber,
    agentId,
    variables,
    rows,
    errors,
  };
}

/** A time of day in a zone, as an instant (epoch ms). ASSUMPTION: without a zone it is UTC. */
function startOf(world: World, { scheduledDate, scheduledTime, scheduledTimezone }: Partial<Fields>): number {
  if (!scheduledDate) return world.clock.now();
  const wall = Temporal.PlainDateTime.from(`${scheduledDate}T${scheduledTime ?? '00:00'}`);
  return wall.toZonedDateTime(scheduledTimezone ?? 'UTC').epochMilliseconds;
}

function show({ campaignId, campaignName, campaignStatus, startsAt, concurrentCalls, errors, ...rest }: SimCampaign) {
  return {
    campaignId,
    campaignName,
    campaignStatus,
    scheduledDate: startsAt === null ? null : new Date(startsAt).toISOString(),
    concurrentCalls,
    agent: { agentId: rest.agentId, status: 'Live' },
    phoneNumber: { sipPhoneNumber: rest.sipPhoneNumber, active: true },
    errors,
    scheduled: startsAt !== null,
  };
}
