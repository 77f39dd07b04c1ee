import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { Five9Config } from '../../config.ts';
import type { ScriptInput } from './plan.ts';

/** What has to be done in Five9 besides the script, because no web service does it; a line each. */
export function byHand(config: Five9Config, { campaign, part }: Pick<ScriptInput, 'campaign' | 'part'>): string[] {
  const script = config.campaigns[campaign]?.script;
  if (!script) throw new ConnectorError('bad_request', `the campaign "${campaign}" has no script`);
  const profile = `Authorization profile "${config.ivr.authProfile}": user and password are a client of Patchbay and its API key.`;
  if (part === 'inbound') {
    return [
      profile,
      'Inbound campaign: set this script in its schedule, and give it the number that the AI transfers to.',
    ];
  }
  const campaigns = campaign === '*' ? 'the other campaigns' : `the campaign "${campaign}"`;
  return [
    profile,
    `Bind it to ${campaigns}: an autodial campaign takes it in its IVR schedule; an outbound campaign as the action on queue expiration, Start IVR Script, with the shortest wait.`,
    `Ask Five9's support to route ${script.transferTo} to the trunk of the AI platform, if they have not yet.`,
  ];
}
