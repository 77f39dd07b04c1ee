import { finalOutcomes } from '../../../src/domain/outcome-codes.ts';
import type { Five9 } from '../five9.ts';
import type { Making } from './domain-plan.ts';
import { type DomainPlan, type PlannedThing, unlessThere } from './domain-plan.ts';
import { createSetupOperations, type NewDisposition } from './setup-operations.ts';

/**
 * The dispositions that outcomes map to, and whether their campaigns have them. Five9 assigns none twice, and does not
 * tell which ones a campaign has: each is assigned with `--apply`, and what was assigned already is left as it is.
 */
export async function planDispositions(five9: Five9): Promise<DomainPlan> {
  const operations = createSetupOperations(five9.api);
  const types = new Map((await operations.dispositions()).map(({ name, type }) => [name, type]));
  const things = [...wantedDispositions(five9.config)].map(([name, { outcomes, campaigns }]): PlannedThing => {
    const what = `disposition ${name}`;
    const assign = campaigns.map(
      (campaign): Making => ({
        what: `disposition ${name} in the campaign ${campaign}`,
        undo: { kind: 'assigned-disposition', name, campaign },
        make: () => unlessThere(() => operations.assignDispositions(campaign, [name])),
      }),
    );
    const found = types.get(name);
    if (found === undefined) {
      const wanted = newDisposition(name, outcomes);
      return {
        what,
        state: 'missing',
        detail: `${wanted.type} for ${[...outcomes].join(', ')}; in ${campaigns.join(', ') || 'no campaign'}`,
        makings: [
          {
            what,
            undo: { kind: 'disposition', name, type: wanted.type },
            make: () => unlessThere(() => operations.createDisposition(wanted)),
          },
          ...assign,
        ],
      };
    }
    const fitting = fittingTypes(outcomes);
    if (fitting.length === 0 || fitting.includes(found)) {
      return { what, state: 'there', detail: found, makings: assign };
    }
    return {
      ...{ what, state: 'differs' },
      detail: `is ${found}; for ${[...outcomes].join(', ')} take ${fitting.join(' or ')}`,
    };
  });
  return { things, obstacle: '' };
}

interface Wanted {
  outcomes: Set<string>;
  campaigns: string[];
}

/** By disposition. `*` stands for campaigns that are not named, so nothing can be assigned there. */
export function wantedDispositions(config: Five9['config']): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const [campaign, { dispositions }] of Object.entries(config.campaigns)) {
    for (const [outcome, name] of Object.entries(dispositions)) {
      const entry = wanted.get(name) ?? { outcomes: new Set<string>(), campaigns: [] };
      entry.outcomes.add(outcome);
      if (campaign !== '*' && !entry.campaigns.includes(campaign)) entry.campaigns.push(campaign);
      wanted.set(name, entry);
    }
  }
  return wanted;
}

/** Types that do what the outcome means; none when any type may be right. */
export function fittingTypes(outcomes: ReadonlySet<string>): string[] {
  if (outcomes.has('opt_out')) return ['AddAllNumbers', 'AddAndFinalize', 'AddActiveNumber'];
  if (outcomes.has('callback')) return ['RedialNumber'];
  // Who said no, or bought, is not dialled again.
  if (finalOutcomes.some((outcome) => outcomes.has(outcome)))
    return ['FinalDisp', 'FinalApplyToCampaigns', 'DoNotDial'];
  return [];
}

/** The type that a disposition for these outcomes is made with. */
export function typeFor(outcomes: ReadonlySet<string>): string {
  return newDisposition('', outcomes).type;
}

const tryAgain = new Set(['voicemail', 'no_answer', 'busy', 'hung_up', 'failed', 'unknown']);

/** An opt-out means the person, so all numbers; a call that reached nobody is tried again; all else is final. */
function newDisposition(name: string, outcomes: ReadonlySet<string>): NewDisposition {
  if (outcomes.has('opt_out')) return { name, type: 'AddAllNumbers' };
  if (outcomes.has('callback')) return { name, type: 'RedialNumber', redial: { attempts: 3, minutes: 60 } };
  if ([...outcomes].every((outcome) => tryAgain.has(outcome))) {
    return { name, type: 'RedialNumber', redial: { attempts: 5, minutes: 240 } };
  }
  return { name, type: 'FinalDisp' };
}
