import type { Five9Config } from '../../config.ts';
import type { Five9Script } from './config.ts';

/** What the admin clicks together once, so that ids and blocks can be learned from it; a line each. */
export function howToSeed({ campaigns, ivr }: Five9Config): string[] {
  const dispositions = new Set(Object.values(campaigns).flatMap((campaign) => Object.values(campaign.dispositions)));
  const skills = new Set(Object.values(campaigns).flatMap(({ script }) => (script ? skillsOf(script) : [])));
  return [
    'A seed script tells Patchbay what the web services do not: ids of your domain, and how Five9 writes some modules.',
    'It is never bound to a campaign and never runs. Make it once in the IVR designer of Five9:',
    '',
    '1. IVR Scripts → Add. Name it, for example, "Patchbay seed".',
    '2. In its variables add two of type KVList: to_ai and from_ai. Leave their values empty.',
    `3. Drag a Query onto the canvas. Any URL will do. Choose the authorization profile "${ivr.authProfile}".`,
    '4. Drag a 3rd Party Transfer. Any number will do. Check Return After 3rd Party Call;',
    '   check Send Data to 3rd Party and choose to_ai; check Receive Data from 3rd Party and choose from_ai.',
    '   Whether the call with the AI is recorded is taken over as you set it here.',
    '5. Drag a Set DNC, and choose the number that it adds: the called number of an outbound campaign.',
    `6. Drag one Skill Transfer per skill, and choose it there: ${listed([...skills], 'each one of the configuration')}.`,
    '   Queue times, music and announcements are taken over as you set them in the first.',
    `7. Drag one Hang-up per disposition, and choose it there: ${listed([...dispositions], 'each one of the mapping')}.`,
    '8. Connect the modules in any order, so that the designer lets you save. Save.',
    '9. Export it (Actions → Export) and give the file with --seed, or name the script in ivr.seedScript.',
  ];
}

function skillsOf({ skill, routes }: Five9Script): string[] {
  return [skill, ...Object.values(routes).flatMap((action) => action.skill ?? [])];
}

function listed(names: readonly string[], otherwise: string): string {
  return names.length > 0 ? names.map((name) => `"${name}"`).join(', ') : otherwise;
}
