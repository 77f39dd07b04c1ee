import { type Five9Simulator, startFive9Simulator } from '../../simulators/five9/five9-simulator.ts';
import type { SeedInput } from '../../simulators/five9/options.ts';
import { realClock } from '../real-clock.ts';

export const five9Cast = {
  campaign: 'Spring outbound',
  user: { user: 'patchbay@example.com', password: 'engine' },
  /** The phone of whoever makes the test call. */
  phone: '2125550111',
  zone: 'America/Los_Angeles',
};

const spring = {
  name: five9Cast.campaign,
  type: 'AUTODIAL' as const,
  lists: ['Spring leads'],
  dispositions: ['Sale made', 'No interest'],
  members: { maxNumOfLines: 3 },
};

/** A domain that calls with its own people: nothing in it knows of an AI but the user that Patchbay logs in with. */
export function startFreshFive9(given: { aiUrl: string; connection?: 'pop' | 'carrier' }): Promise<Five9Simulator> {
  const seed: SeedInput = {
    campaigns: [{ ...spring, state: 'NOT_RUNNING' }],
    dispositions: ['Sale made', 'No interest'],
    skills: [{ id: 300_101, name: 'Sales' }],
    contacts: [
      { fields: { number1: '2125550101', first_name: 'Ada' }, lists: ['Spring leads'] },
      { fields: { number1: '2125550102', first_name: 'Grace' }, lists: ['Spring leads'] },
      { fields: { number1: five9Cast.phone, first_name: 'Olga' }, lists: ['Spring leads'] },
    ],
  };
  return startFive9Simulator({
    clock: realClock,
    aiUrl: given.aiUrl,
    users: [{ name: five9Cast.user.user, password: five9Cast.user.password }],
    ivrUser: 'five9-ivr',
    connection: given.connection ?? 'pop',
    dials: true,
    importDelayMs: 0,
    seed,
  });
}
