import type { Command, CommandOutput } from '../../../src/domain/connector.ts';
import type { VicidialReads } from '../reads.ts';
import { type Proposal, proposeMapping } from './proposals.ts';

/** `patchbay <id> propose-mapping [CAMPAIGN]`: a mapping to look through, out of the site's own statuses. */
export function proposeMappingCommand(id: string, reads: Pick<VicidialReads, 'statuses' | 'campaigns'>): Command {
  return {
    name: 'propose-mapping',
    summary: "Proposes each campaign's dispositions from the site's own statuses",
    arguments: [{ name: 'campaign', summary: 'Only this campaign. (Default: all)', isRequired: false }],
    async run([only], _options, output) {
      const [statuses, all] = await Promise.all([reads.statuses(), reads.campaigns()]);
      if (statuses === null || all === null) {
        output.write('Without access to the database nobody can tell which statuses there are: map them by hand.');
        return 1;
      }
      const campaigns = all.filter(({ campaign_id }) => only === undefined || campaign_id === only);
      if (campaigns.length === 0) {
        output.write(`VICIdial has no campaign ${only ?? ''}.`);
        return 1;
      }
      const proposed = campaigns.map((campaign) => ({
        campaign: campaign.campaign_id,
        proposals: proposeMapping(statuses, campaign),
      }));
      if (output.isJson) writeJson(proposed, output);
      else writeYaml(id, proposed, output);
      return 0;
    },
  };
}

interface CampaignProposals {
  campaign: string;
  proposals: readonly Proposal[];
}

function writeJson(proposed: readonly CampaignProposals[], output: CommandOutput): void {
  for (const { campaign, proposals } of proposed) {
    for (const proposal of proposals) output.write(JSON.stringify({ campaign, ...proposal }));
  }
}

/** A part of the configuration as it stands: what is missing is a comment. */
function writeYaml(id: string, proposed: readonly CampaignProposals[], output: CommandOutput): void {
  output.write('dialers:');
  output.write(`  ${id}:`);
  output.write('    campaigns:');
  for (const { campaign, proposals } of proposed) {
    output.write(`      ${JSON.stringify(campaign)}:`);
    output.write('        dispositions:');
    for (const { outcome, status, why } of proposals) {
      // A code such as NO or 1 would be read as something else than text.
      output.write(
        status === null ? `          # ${outcome}: ${why}` : `          ${outcome}: ${JSON.stringify(status)} # ${why}`,
      );
    }
  }
}
