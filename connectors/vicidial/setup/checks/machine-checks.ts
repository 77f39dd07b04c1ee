import type { Check } from '../../../../src/domain/connector.ts';
import { field } from './campaign-checks.ts';
import { type CheckRun, type Fault, tableCheck } from './check-of.ts';

/** Whether machines are told from people, and what comes of it. */
export function machineChecks(run: CheckRun): Check[] {
  const { campaigns } = run.vicidial.config;
  const machineStatuses = (campaign: string) => {
    const mapped = campaigns[campaign]?.dispositions.voicemail;
    return ['A', 'AA', 'AM', 'AL', ...(mapped ? [mapped] : [])];
  };
  return [
    tableCheck(
      run,
      {
        id: 'amd.routing',
        title: 'Answering machines are kept from the AI, where there are many',
        looksAt: 'vicidial_campaigns.campaign_vdad_exten; statuses of calls that went to lines',
        needs: ['campaign.routing-extension'],
        why: 'Without detection (8368) the AI talks to each machine, which costs its time; with it (8369) people wait a moment, and some are taken for machines. So it pays where machines are many.',
        byHand: 'Admin → Campaigns → the campaign → Detail → Routing Extension',
      },
      async (site) => {
        const handed = await site.handedCalls();
        const faults: Fault[] = [];
        const found: string[] = [];
        for (const { campaign_id, campaign_vdad_exten: exten } of await site.campaigns()) {
          const own = handed.filter((call) => call.campaign_id === campaign_id);
          const machines = own.filter(({ status }) => machineStatuses(campaign_id).includes(status)).length;
          found.push(
            `${campaign_id}: ${exten}, ${exten === '8369' ? 'with' : 'without'} detection; ${machines} machines in ${own.length} AI calls`,
          );
          if (exten === '8369' || own.length < 20 || machines < own.length / 5) continue;
          faults.push({
            found: found.at(-1) ?? '',
            fix: field(campaign_id, 'Routing Extension', '8369'),
            isWarning: true,
          });
        }
        return { found: found.join('; '), faults };
      },
    ),
    tableCheck(
      run,
      {
        id: 'amd.results',
        title: 'The detection of machines finds people too',
        looksAt: "vicidial_amd_log.AMDSTATUS of the last day, for leads of these campaigns' lists",
        needs: ['campaign.routing-extension'],
        why: 'Who is taken for a machine is hung up on, or hears a message meant for a machine.',
        byHand: 'Admin → Reports → the AMD log report',
      },
      async (site) => {
        const isUsed = (await site.campaigns()).some(({ campaign_vdad_exten }) => campaign_vdad_exten === '8369');
        if (!isUsed) return { found: 'not used: no campaign routes to 8369' };
        const lists = (await site.lists()).map(({ list_id }) => list_id);
        const rows = await site.traffic.machineResults(lists);
        const all = rows.reduce((sum, { calls }) => sum + calls, 0);
        const machines = rows
          .filter(({ status }) => /MACHINE/i.test(status))
          .reduce((sum, { calls }) => sum + calls, 0);
        const found = `${machines} of ${all} were taken for machines`;
        if (all < 20 || machines < all * 0.8) return { found };
        const fix =
          'Listen to recordings of calls with status AA, and loosen amd.conf on the dialers (initial_silence, greeting, total_analysis_time).';
        return { found, faults: [{ found, fix, isWarning: true }] };
      },
    ),
  ];
}
