import type { MadeThing, PlannedChange, SetupRun, SetupStep, UndoAnswer } from '../../../../src/domain/setup.ts';
import type { CampaignSetUp } from '../../tables/site-rows.ts';
import { readCampaigns } from '../../tables/site-set-up.ts';
import { campaignSnippet } from '../snippets/campaign.ts';
import { campaignNames, wantedAgents } from '../wanted-agents.ts';
import { type CampaignChange, campaignChanges, fieldLabels, hasOwnRouting, heldValue } from './campaign-changes.ts';
import { change, noted, type StepSite, snippetSite, whyNot } from './step-site.ts';
import { snippetText, table } from './step-text.ts';

/** The campaign's own settings, those of them that the API changes by itself. */
export function campaignStep(site: StepSite): SetupStep {
  const { config, database } = site.vicidial;

  async function look(): Promise<{ changes: CampaignChange[]; lacking: string[]; own: CampaignSetUp[] } | null> {
    const found = await site.read();
    if (!found) return null;
    const agents = wantedAgents(config, found);
    const names = campaignNames(config);
    const linesOf = (campaign: string) =>
      agents.reduce((sum, agent) => sum + (agent.campaign === campaign ? agent.lines : 0), 0);
    const rows = found.campaigns.filter(({ id }) => names.includes(id));
    return {
      changes: rows.flatMap((row) => campaignChanges(config, row, linesOf(row.id))),
      own: rows.filter((row) => hasOwnRouting(config, row)),
      lacking: names.filter((name) => !found.campaigns.some(({ id }) => id === name)),
    };
  }

  async function plan(): Promise<PlannedChange[]> {
    const seen = await look();
    if (!seen) {
      const detail =
        'without the tables nobody can see how the campaigns are set, nor set them back: enter it as the runbook says';
      return [{ what: 'campaigns', state: 'blocked', detail }];
    }
    const blocked = [
      ...seen.lacking.map((name) => ({
        what: `campaign ${name}`,
        state: 'blocked' as const,
        detail:
          'VICIdial has no such campaign: make it (Admin → Campaigns → Add A New Campaign), or correct its name here',
      })),
      ...seen.own.map(({ id, routingExtension }) => ({
        what: `${fieldLabels.campaign_vdad_exten} of campaign ${id}`,
        state: 'blocked' as const,
        detail: `its calls go by ${routingExtension} already: where that is no entry of your own that leads to the remote agents, set 8368 by hand (Admin → Campaigns → ${id} → Detail)`,
      })),
    ];
    if (seen.changes.length === 0) {
      if (blocked.length > 0) return blocked;
      return [{ what: 'campaigns', state: 'there', detail: 'routing, levels and dial statuses are as they should be' }];
    }
    const why = await whyNot(site, 'update_campaign');
    return [
      ...blocked,
      ...seen.changes.map((each) => ({
        what: nameOf(each),
        state: why ? ('blocked' as const) : ('differs' as const),
        detail: why || (each.to ? `from ${each.from || 'nothing'} to ${each.to}` : `${each.from} is taken out`),
      })),
    ];
  }

  async function apply(run: SetupRun): Promise<void> {
    for (const each of (await look())?.changes ?? []) {
      const { campaign, field, from, to } = each;
      const parameters: Record<string, string> =
        field === 'dial_status' ? { dial_status_remove: from } : { [field]: to };
      await noted(run, nameOf(each), { campaign, field, from, to }, () =>
        change(site, 'update_campaign', { campaign_id: campaign, ...parameters }),
      );
    }
  }

  async function undo({ undoData }: MadeThing): Promise<UndoAnswer> {
    const made = undoData as unknown as CampaignChange;
    const row = database && (await readCampaigns(database)).find(({ id }) => id === made.campaign);
    if (!database)
      return {
        kind: 'by-hand',
        what: `Set ${nameOf(made)} back to ${made.from}: without the tables nobody sees what it is now.`,
      };
    if (!row) return { kind: 'gone' };
    const held = heldValue(row, made.field, made.from);
    if (held === made.from) return { kind: 'gone' };
    if (held !== made.to) return { kind: 'changed', why: `${nameOf(made)} is ${held} now` };
    const parameters: Record<string, string> =
      made.field === 'dial_status' ? { dial_status_add: made.from } : { [made.field]: made.from };
    // The API takes no empty value, and no extension of other things than digits.
    if (made.field === 'campaign_vdad_exten' && !/^\d{3,20}$/.test(made.from)) {
      return {
        kind: 'by-hand',
        what: `Set ${nameOf(made)} back to ${made.from || 'nothing'} (Admin → Campaigns → Detail).`,
      };
    }
    await change(site, 'update_campaign', { campaign_id: made.campaign, ...parameters });
    return { kind: 'undone' };
  }

  return {
    id: 'campaign',
    title: "The campaign's settings",
    kind: 'api',
    phase: 'campaign',
    checks: [
      'campaign.there',
      'campaign.active',
      'campaign.routing-extension',
      'campaign.caller-id',
      'campaign.dial-method',
      'campaign.dial-level',
      'campaign.hopper-level',
      'campaign.drop-seconds',
      'campaign.dial-statuses',
      'dnc.heeded',
    ],
    async describe() {
      const made = await snippetSite(site);
      const rows = (made.found?.campaigns ?? []).filter(({ id }) => campaignNames(config).includes(id));
      const now = rows.map((row) => [
        row.id,
        row.isActive ? 'Y' : 'N',
        row.routingExtension,
        row.dialPrefix,
        row.callerId,
        row.dialLevel,
        row.hopperLevel,
        row.dialStatuses.join(' '),
        String(row.dropSeconds),
      ]);
      const head = [
        'Campaign',
        'Active',
        'Routing',
        'Dial Prefix',
        'CallerID',
        'Level',
        'Hopper',
        'Dial Statuses',
        'Drop Seconds',
      ];
      return [
        snippetText(campaignSnippet(made)),
        ...(now.length > 0 ? ['As it is now:', table(head, now)] : []),
        '`setup --apply` sets Routing Extension, takes XFER and DNC out of the dial statuses, and before the first call sets the level to 1 and the hopper to as many leads as there are lines, where its log-in may call update_campaign. A campaign that has called keeps its level and its hopper. All else is entered by hand.',
      ].join('\n\n');
    },
    plan,
    apply,
    undo,
  };
}

function nameOf({ campaign, field, from }: Pick<CampaignChange, 'campaign' | 'field' | 'from'>): string {
  const label = `${fieldLabels[field]} of campaign ${campaign}`;
  return field === 'dial_status' ? `${from} in ${label}` : label;
}
