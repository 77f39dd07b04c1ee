import type { Five9 } from '../five9.ts';
import { createScriptOperations } from '../ivr/script/script-operations.ts';
import { type DomainPlan, type PlannedThing, unlessThere } from './domain-plan.ts';
import { createSetupOperations } from './setup-operations.ts';

/** The skills to which scripts send customers. Who is in them is the admin's to say. */
export async function planSkills({ api, config }: Five9): Promise<DomainPlan> {
  const there = await createScriptOperations(api).skills();
  const operations = createSetupOperations(api);
  const things = skillsOf(config).map((name): PlannedThing => {
    const what = `skill ${name}`;
    if (there.has(name)) return { what, state: 'there', detail: '' };
    const make = () => unlessThere(() => operations.createSkill(name));
    return {
      what,
      state: 'missing',
      detail: 'without people: add them',
      makings: [{ what, undo: { kind: 'skill', name }, make }],
    };
  });
  return { things, obstacle: '' };
}

export function skillsOf({ campaigns }: Pick<Five9['config'], 'campaigns'>): string[] {
  const scripts = Object.values(campaigns).flatMap(({ script }) => script ?? []);
  return [
    ...new Set(
      scripts.flatMap(({ skill, routes }) => [skill, ...Object.values(routes).flatMap((one) => one.skill ?? [])]),
    ),
  ];
}
