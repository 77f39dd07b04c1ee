import type { SetupStep } from '../../../../src/domain/setup.ts';
import { softphoneOf } from '../../softphone.ts';
import { remoteAgentSnippet } from '../snippets/remote-agent.ts';
import { startUrlSnippet } from '../snippets/start-url.ts';
import { campaignNames, wantedAgents } from '../wanted-agents.ts';
import { type StepSite, snippetSite } from './step-site.ts';
import { clientNote, numbered, snippetText, table } from './step-text.ts';

/** The remote agents: no API makes one. */
export function remoteAgentStep(site: StepSite): SetupStep {
  const { config } = site.vicidial;
  return {
    id: 'remote-agent',
    title: 'The remote agents whose lines the AI answers',
    kind: 'generated',
    phase: 'campaign',
    checks: [
      'remote-agent.server',
      'remote-agent.extension',
      'remote-agent.number',
      'remote-agent.lines',
      'remote-agent.on-hook',
    ],
    async describe() {
      const made = await snippetSite(site);
      const held = made.found?.remoteAgents ?? [];
      const differing = wantedAgents(config, made.found ?? null).flatMap((wanted) => {
        const row = held.find(({ user }) => user === wanted.user);
        if (!row) return [];
        const isOdd =
          (wanted.extension && row.extension !== wanted.extension) || (wanted.server && row.server !== wanted.server);
        if (!isOdd) return [];
        return [
          `- Remote agent ${row.user} has External Extension \`${row.extension}\` and Server IP \`${row.server}\` now.`,
        ];
      });
      return [snippetText(remoteAgentSnippet(made)), differing.join('\n')].filter(Boolean).join('\n\n');
    },
  };
}

export function startUrlStep(site: StepSite): SetupStep {
  return {
    id: 'start-url',
    title: 'The Start Call URL',
    kind: 'generated',
    phase: 'campaign',
    checks: ['start-url.set', 'start-url.safe'],
    async describe() {
      const names = campaignNames(site.vicidial.config);
      return [
        'A second, independent notice of each hand-over, should a header get lost. The campaign step names it too.',
        `${snippetText(startUrlSnippet(await snippetSite(site)))}\n${clientNote}`,
        ...(names.length > 1 ? [`The same in each campaign: ${names.join(', ')}.`] : []),
      ].join('\n\n');
    },
  };
}

export function softphoneStep(site: StepSite): SetupStep {
  const { config, id } = site.vicidial;
  return {
    id: 'softphone-account',
    title: 'A softphone, where carriers do not let test calls through',
    kind: 'manual',
    phase: 'campaign',
    checks: [],
    describe() {
      const accounts = campaignNames(config).map((campaign) => ({
        campaign,
        account: softphoneOf(site.vicidial, campaign),
      }));
      const { server, user, passwordFrom } = softphoneOf(site.vicidial, '');
      return [
        'Only where your own phone can not be called from here. It rings the platform past every carrier; VICIdial knows nothing of such a call, so no lead and no headers of a lead go along.',
        numbered([
          `_Admin → Phones → Add A New Phone_: Phone Extension \`${user}\`, Dial Plan Number a free one, Server IP the dialer's, Active Account \`Y\`, Status \`ACTIVE\`, Client Protocol \`${config.carrier.tech === 'pjsip' ? 'PJSIP' : 'SIP'}\`, and a long Registration Password of its own.`,
          `In the softphone: domain ${server}, user ${user}, password: ${passwordFrom}.`,
          'Dial the string of the campaign:',
        ]),
        table(
          ['Campaign', 'Dial'],
          accounts.map(({ campaign, account }) => [campaign, account.dial || 'no number is configured']),
        ),
        `\`npx patchbay call test --dialer ${id} --campaign <campaign> --softphone\` prints the same and waits for the platform's notice of the call. Delete the phone when you are through.`,
      ].join('\n\n');
    },
  };
}

/** Production: machines are told from people before the AI gets the call. */
export function amdStep(site: StepSite): SetupStep {
  const { config } = site.vicidial;
  return {
    id: 'amd',
    title: 'Answering machine detection',
    kind: 'generated',
    phase: 'production',
    checks: ['amd.routing', 'amd.results'],
    async describe() {
      const rows = ((await site.seen())?.campaigns ?? []).filter(({ id }) => campaignNames(config).includes(id));
      const now = rows.map(({ id, routingExtension }) => [id, routingExtension, '8369']);
      return [
        `_Admin → Campaigns → ${campaignNames(config).join(' or ') || 'the campaign'} → Detail_, when the first test calls went well:`,
        numbered([
          'Routing Extension `8369`: with detection. `8368` is without. Never the remote extension.',
          'AMD Type `AMD`.',
          'CPD AMD Action `DISABLED`: a machine is hung up on, lead and log become AA. `MESSAGE` plays a recording (Answering Machine Message, AMD Send to Action `Y`), the status is AM, then AL.',
          'AA is then a status like others: put it into the Dial Statuses if machines shall be called again.',
        ]),
        ...(now.length > 0 ? [table(['Campaign', 'Routing Extension now', 'then'], now)] : []),
        'Detection takes up to some seconds in which the customer hears nothing; the AI is dialled after it, only for people. A Drop Call Seconds of 5 counts from then on.',
        '`setup --apply` leaves this to you, and leaves 8369 as it is once it is set.',
      ].join('\n\n');
    },
  };
}
