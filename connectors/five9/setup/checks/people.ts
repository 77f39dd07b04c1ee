import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { scriptName } from '../../ivr/script/config.ts';
import { toFive9Number } from '../../numbers.ts';
import { checkOf, fail, notUsed, ok, rightsCheck } from './results.ts';
import type { Site } from './site.ts';

/** Where calls go that people take: skills, and the number that the AI transfers to. */
export function peopleChecks(site: Site): Check[] {
  return [
    checkOf({
      id: 'skills.known',
      title: 'The skills that take the calls exist',
      looksAt: 'getSkills: names of script.skill and script.routes',
      run: () => skills(site),
    }),
    checkOf({
      id: 'handoff.number',
      title: 'The AI can transfer to Five9 (handoff B)',
      looksAt: 'getInboundCampaign: defaultIvrSchedule; getCampaignDNISList, against script.inboundNumber',
      needs: [rightsCheck, 'campaigns.known', 'scripts.exist'],
      run: () => handoffNumber(site),
    }),
  ];
}

async function skills(site: Site): Promise<CheckResult> {
  const wanted = new Map<string, string>();
  for (const [campaign, { script }] of Object.entries(site.config.campaigns)) {
    const named = [script?.skill, ...Object.values(script?.routes ?? {}).map(({ skill }) => skill)];
    for (const skill of named) if (skill && !wanted.has(skill)) wanted.set(skill, campaign);
  }
  if (wanted.size === 0) return notUsed('no script is configured');
  const there = await site.skills();
  const missing = [...wanted].filter(([skill]) => !there.has(skill));
  if (missing.length === 0) return ok([...wanted.keys()].join(', '));
  return fail(
    `not in Five9: ${missing.map(([skill, campaign]) => `${skill} (${campaign})`).join(', ')}`,
    'Calls that go to people have nowhere to go.',
    'VCC Administrator → Skills → Add, and give it to agents (Users → the agent → Skills); or correct script.skill and script.routes.',
  );
}

/** An inbound campaign has to run the script that asks for the context, and needs a number that the AI can dial. */
async function handoffNumber(site: Site): Promise<CheckResult> {
  const { config, five9 } = site;
  const wanted = Object.entries(config.campaigns).flatMap(([campaign, { script }]) =>
    script?.handoff === 'B'
      ? [{ script: scriptName(campaign, script, 'inbound'), number: script.inboundNumber ?? '' }]
      : [],
  );
  if (wanted.length === 0) return notUsed('no campaign has handoff B');
  const inbound = await site.inbound();
  const numbersOf = (script: string) => inbound.filter((one) => one.script === script).flatMap((one) => one.numbers);
  const wrong = wanted.flatMap(({ script, number }) => {
    const there = numbersOf(script);
    if (there.length === 0) return [`no inbound campaign with a number runs ${script}`];
    const isThere = !number || there.includes(number) || there.includes(toFive9Number(number, config.numberFormat));
    return isThere ? [] : [`${script} is reached by ${there.join(', ')}, configured is ${number}`];
  });
  if (wrong.length === 0)
    return ok(wanted.map(({ script }) => `${numbersOf(script).join(', ')}: ${script}`).join('; '));
  return fail(
    wrong.join('; '),
    'The AI transfers to a number of Five9; without one the customer is cut off.',
    `VCC Administrator → Campaigns → Inbound → the campaign: choose the script in IVR Schedule, add a number under DNIS, and enter that number in SigmaMind's Transfer Call and in script.inboundNumber. The script is made by npx patchbay ${five9.id} script --all --apply.`,
  );
}
