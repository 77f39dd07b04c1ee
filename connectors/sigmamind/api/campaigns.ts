import { z } from 'zod';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Page, PageQuery } from './page.ts';
import type { ApiRequests } from './request.ts';
import { Id, Text, Texts, Word } from './values.ts';

/** Status: `live`, `scheduled`, `paused`, `completed`, or another. `errors`: rows of the file that were not taken. */
export const Campaign = z.object({
  campaignId: Id,
  campaignName: Text,
  campaignStatus: Word,
  scheduledDate: Text,
  concurrentCalls: z.number().nullish().catch(null),
  errors: Texts,
});
export type Campaign = z.infer<typeof Campaign>;

export interface NewCampaign {
  /** Unique in the workspace, at most 128 characters. */
  campaignName: string;
  sipPhoneNumber: string;
  agentId: string;
  /** The rows as CSV. */
  csv: string;
  concurrentCalls?: number;
  /** For every row. */
  dynamicVariables?: Readonly<Record<string, string>>;
  schedule?: CampaignSchedule;
}

export interface CampaignSchedule {
  /** `YYYY-MM-DD`, `HH:MM`, an IANA zone. */
  date: string;
  time: string;
  timeZone: string;
}

export type CampaignChange = Partial<Pick<NewCampaign, 'agentId' | 'sipPhoneNumber' | 'concurrentCalls' | 'schedule'>>;

export interface CampaignsApi {
  createCampaign(campaign: NewCampaign): Promise<Campaign>;
  getCampaign(campaignId: string): Promise<Campaign | null>;
  listCampaigns(query: PageQuery & { status?: string }): Promise<Page<Campaign>>;
  /** Names are unique. Null when none has it; fails when the list can't be read to its end. */
  findCampaign(name: string): Promise<Campaign | null>;
  updateCampaign(campaignId: string, change: CampaignChange): Promise<Campaign>;
}

const mostPages = 500;

/** @param encoding the reference says `multipart/form-data`, the guide JSON with the file in base64 */
export function campaignsApi(requests: ApiRequests, encoding: 'json' | 'multipart'): CampaignsApi {
  const listCampaigns: CampaignsApi['listCampaigns'] = (query) => requests.list(['campaigns'], query, Campaign);
  return {
    createCampaign(campaign) {
      const body = encoding === 'multipart' ? asForm(campaign) : asJson(campaign);
      return requests.write('POST', ['campaigns'], body, Campaign);
    },
    getCampaign: (campaignId) => requests.read(['campaigns', campaignId], Campaign),
    listCampaigns,
    async findCampaign(name) {
      for (let page = 0; page < mostPages; page += 1) {
        const { rows, rejects, hasNext } = await listCampaigns({ page, size: 100 });
        const campaign = rows.find(({ campaignName }) => campaignName === name);
        if (campaign) return campaign;
        if (rejects > 0) break;
        if (!hasNext) return null;
      }
      throw new ConnectorError('platform_refused', "SigmaMind's list of campaigns can't be read to its end", {
        hint: 'Look in the dashboard whether the campaign is there; delete old ones.',
      });
    },
    updateCampaign: (campaignId, { schedule, ...change }) =>
      requests.write('PATCH', ['campaigns', campaignId], { ...change, ...scheduleFields(schedule) }, Campaign),
  };
}

function asJson({ csv, schedule, ...campaign }: NewCampaign): object {
  return { ...campaign, file: Buffer.from(csv).toString('base64'), ...scheduleFields(schedule) };
}

function asForm({ csv, schedule, dynamicVariables, ...campaign }: NewCampaign): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...campaign, ...scheduleFields(schedule) })) {
    if (value !== undefined) form.append(name, String(value));
  }
  if (dynamicVariables) form.append('dynamicVariables', JSON.stringify(dynamicVariables));
  form.append('file', new Blob([csv], { type: 'text/csv' }), 'leads.csv');
  return form;
}

function scheduleFields(schedule: CampaignSchedule | undefined): object {
  if (!schedule) return {};
  const { date: scheduledDate, time: scheduledTime, timeZone: scheduledTimezone } = schedule;
  return { isScheduled: true, scheduledDate, scheduledTime, scheduledTimezone };
}
