import { instantOf } from '../../../src/domain/clock.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { TestCall } from '../../../src/domain/test-call.ts';
import { wordsOf } from '../api/api-answer.ts';
import { nationalDigits } from '../phones.ts';
import { dncListings } from '../steer/dialable-leads.ts';
import type { VicidialDatabase } from '../tables/database.ts';
import { readCampaigns, readSiteSetUp } from '../tables/site-set-up.ts';
import type { Vicidial } from '../vicidial.ts';
import { endTestCall } from './end.ts';
import { freeLines, whyNoLine } from './lines-of-campaign.ts';
import { addTestLead, onDncList, testLeadsWith } from './made-up-lead.ts';
import { whyNotDialling } from './why-waiting.ts';

/** Before everybody else. */
const priority = '99';

/**
 * Puts a made-up lead of this number at the head of the hopper; refuses when VICIdial would not call it. A lead that the
 * campaign has with the number stays as it is: it may be a customer's.
 */
export async function beginTestCall(
  vicidial: Vicidial,
  { campaign, phone }: { campaign: string; phone: string },
): Promise<TestCall> {
  const { database, deps } = vicidial;
  if (await deps.isOptedOut(phone)) {
    throw new ConnectorError('dialer_refused', 'the number has opted out', {
      hint: 'Take another number. If it is your own: `npx patchbay opt-outs` takes it back.',
    });
  }
  if (database) await refuseUnlessDialled(database, campaign, phone);
  if ((await freeLines(vicidial, campaign)).free === 0) {
    const { why, fix } = await whyNoLine(vicidial, campaign);
    throw new ConnectorError('dialer_refused', why, { hint: fix });
  }

  const begunAt = instantOf(deps.clock);
  const list = await listOf(vicidial, campaign);
  // What a test left that broke off would be called once more.
  for (const leadKey of await testLeadsWith(vicidial, phone, campaign)) await endTestCall(vicidial, { leadKey });
  const leadKey = await addTestLead(vicidial, { phone, campaign, list });
  const call = { campaign, phone, leadKey, begunAt };
  const why = await intoHopper(vicidial, leadKey);
  if (!why) return call;
  await endTestCall(vicidial, call);
  throw new ConnectorError('dialer_refused', `VICIdial did not take the lead into the hopper: ${why}`, {
    hint: `Outside of the lead's calling hours nobody is called: Admin → Campaigns → ${campaign} → Detail → Local Call Time.`,
  });
}

async function refuseUnlessDialled(database: VicidialDatabase, campaign: string, phone: string): Promise<void> {
  const row = (await readCampaigns(database)).find(({ id }) => id === campaign);
  if (!row) {
    throw new ConnectorError('not_found', `VICIdial has no campaign ${campaign}`, {
      hint: 'Name it as its Campaign ID (Admin → Campaigns).',
    });
  }
  const trouble = whyNotDialling(row);
  if (trouble) throw new ConnectorError('dialer_refused', trouble.why, { hint: trouble.fix });
  const national = nationalDigits(phone);
  const dnc = await dncListings(database, [national]);
  if (dnc.system.has(national) || dnc.campaigns.get(national)?.includes(campaign)) throw onDncList();
}

/** The list that a made-up lead goes to: an active one of the campaign, those that are synced first. */
async function listOf({ config, database, api }: Vicidial, campaign: string): Promise<string> {
  const synced = config.sync.lists.map(String);
  if (database) {
    const { lists } = await readSiteSetUp(database);
    const active = lists.filter((list) => list.campaign === campaign && list.isActive).map(({ id }) => id);
    const list = synced.find((id) => active.includes(id)) ?? active[0];
    if (list) return list;
  } else {
    for (const list of synced) {
      const answer = await api.call('list_info', { list_id: list });
      const parts = answer.kind === 'lines' ? (answer.lines[0]?.parts ?? []) : [];
      if (parts[2] === campaign && parts[3] === 'Y') return list;
    }
  }
  throw new ConnectorError('dialer_refused', `campaign ${campaign} has no active list for a test lead`, {
    hint: database
      ? 'Admin → Lists: set one of its lists to Active Y.'
      : 'Name an active list of it in sync.lists, or add a lead with that number to one by hand.',
  });
}

/** Empty when it is there now; else VICIdial's words. */
async function intoHopper({ api }: Vicidial, leadKey: string): Promise<string> {
  const answer = await api.call('update_lead', {
    search_method: 'LEAD_ID',
    lead_id: leadKey,
    no_update: 'Y',
    add_to_hopper: 'Y',
    hopper_priority: priority,
    hopper_local_call_time_check: 'Y',
  });
  const lines = answer.kind === 'lines' ? answer.lines : [];
  const notice = lines.find(({ words }) => words.includes('ADDED TO HOPPER'));
  if (notice && (!notice.words.includes('NOT ADDED') || notice.words.includes('ALREADY IN THE HOPPER'))) return '';
  return notice?.words ?? wordsOf(answer);
}
