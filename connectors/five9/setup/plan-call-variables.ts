import type { Five9 } from '../five9.ts';
import { type DomainPlan, type PlannedThing, unlessThere } from './domain-plan.ts';
import { createSetupOperations, type NewCallVariable } from './setup-operations.ts';

/** The group of call variables for the screen pop, named in `ivr.callVariableGroup`, and what is in it. */
export async function planCallVariables(five9: Five9): Promise<DomainPlan> {
  const { api, config } = five9;
  const group = config.ivr.callVariableGroup;
  if (!group) {
    return {
      things: [],
      obstacle: 'No group is named: set `ivr.callVariableGroup` in the configuration of this dialer.',
    };
  }
  const operations = createSetupOperations(api);
  const hasGroup = (await operations.callVariableGroups()).includes(group);
  const types = new Map(hasGroup ? (await operations.callVariables(group)).map(({ name, type }) => [name, type]) : []);
  const groupThing: PlannedThing = hasGroup
    ? { what: `group ${group}`, state: 'there', detail: '' }
    : {
        ...{ what: `group ${group}`, state: 'missing', detail: '' },
        makings: [
          {
            what: `group ${group}`,
            undo: { kind: 'variable-group', name: group },
            make: () =>
              unlessThere(() => operations.createCallVariableGroup(group, "The AI agent's word about a call")),
          },
        ],
      };
  const things = callVariablesOf(config, group).map((wanted): PlannedThing => {
    const what = `call variable ${group}.${wanted.name}`;
    const found = types.get(wanted.name);
    if (found === wanted.type) return { what, state: 'there', detail: found };
    if (found !== undefined) return { what, state: 'differs', detail: `is ${found}, should be ${wanted.type}` };
    const undo = { kind: 'variable' as const, group, name: wanted.name, type: wanted.type };
    const make = () => unlessThere(() => operations.createCallVariable(wanted));
    return { what, state: 'missing', detail: wanted.type, makings: [{ what, undo, make }] };
  });
  return { things: [groupThing, ...things], obstacle: '' };
}

/** A value of an answer has at most 255 bytes, a summary 500, and none has a line break. */
const shortText = '.{0,255}';
const summaryText = '.{0,500}';

/** What scripts put there: the same for all campaigns, and each campaign's fields for the screen pop. */
export function callVariablesOf(config: Five9['config'], group: string): NewCallVariable[] {
  const own = [...new Set(Object.values(config.campaigns).flatMap(({ screenPop }) => screenPop))];
  const variable = (name: string, description: string, changes: Partial<NewCallVariable> = {}): NewCallVariable => ({
    ...{ group, name, type: 'STRING', description, isReported: true, isSensitive: false, pattern: shortText },
    ...changes,
  });
  const always = [
    variable('outcome', 'Outcome of the call with the AI agent'),
    variable('summary', 'What was said, in short', { isReported: false, isSensitive: true, pattern: summaryText }),
    variable('callback_at', 'When to call back, ISO-8601'),
    variable('correlation_id', 'Name of the call at Patchbay and at the AI platform'),
  ];
  const taken = new Set(always.map(({ name }) => name));
  const others = own.filter((name) => !taken.has(name));
  return [
    ...always,
    ...others.map((name) =>
      variable(name, `${name}, as the AI agent noted it`, { isReported: false, isSensitive: true }),
    ),
  ];
}
