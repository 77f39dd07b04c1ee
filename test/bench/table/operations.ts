import { localTime } from '../../../src/domain/zone-time.ts';
import { type Contestant, type ContestantName, contestantNames } from './contestants.ts';
import type { Kind } from './requests.ts';
import { vicidialLeads, vicidialZone } from './site.ts';
import { takeCalls, takeTurn } from './turn.ts';

/** A line of the table: what is asked, of whom, and about what. */
export interface Operation {
  name: string;
  title: string;
  kind: Kind;
  who: readonly ContestantName[];
  /** Makes what a turn asks about. Not measured. */
  namesFor(contestant: Contestant, folder: string, turn: { connections: number; ms: number }): Promise<string[]>;
  isRepeated?: boolean;
}

const ours: readonly ContestantName[] = ['patchbay-sqlite', 'patchbay-mariadb'];
const decidedCalls = 500;
/** New names for a second of a turn. Who is faster ends a little sooner. */
const callsPerSecond = { one: 1200, many: 3500 };
const codesPerSecond = 6000;

export const operations: readonly Operation[] = [
  {
    name: 'register',
    title: 'register: a new call, its lead by the number, the gate',
    kind: 'register',
    who: contestantNames,
    namesFor: async () => [],
  },
  {
    name: 'outcome',
    title: 'outcome, there',
    kind: 'outcome',
    who: contestantNames,
    namesFor: async (contestant, folder) => await decided(contestant, folder),
    isRepeated: true,
  },
  {
    name: 'woken',
    title: "outcome, not there: from the agent's tool call to the answer of the script that waits",
    kind: 'woken',
    who: ours,
    namesFor: (contestant, folder, { connections, ms }) =>
      takeCalls(contestant, folder, Math.ceil((Math.min(connections * 45, 1500) * ms) / 1000)),
  },
  {
    name: 'webhook',
    title: "webhook: the end of a call's conversation, signed",
    kind: 'event',
    who: contestantNames,
    namesFor: (contestant, folder, { connections, ms }) =>
      takeCalls(contestant, folder, Math.ceil((callsPerSecond[connections === 1 ? 'one' : 'many'] * ms) / 1000)),
  },
  {
    name: 'headers',
    title: 'headers by HTTP, a new connection each',
    kind: 'headers',
    who: contestantNames,
    namesFor: async (_contestant, _folder, { ms }) => codes(ms),
  },
  {
    name: 'fastagi',
    title: 'headers by FastAGI, eight of them',
    kind: 'agi',
    who: ours,
    namesFor: async (_contestant, _folder, { ms }) => codes(ms),
  },
];

/** Calls whose outcome the AI has committed, and which their script has asked for once. */
async function decided(contestant: Contestant, folder: string): Promise<string[]> {
  if (contestant.decided.length > 0) return contestant.decided;
  const names = await takeCalls(contestant, folder, decidedCalls);
  const rest = { connections: 20, ms: 60_000, names };
  await takeTurn(contestant, folder, { kind: 'commit', ...rest });
  await takeTurn(contestant, folder, { kind: 'outcome', ...rest });
  contestant.decided = names;
  return names;
}

const callerCodes = createCallerCodes();

function codes(ms: number): string[] {
  const count = Math.ceil((codesPerSecond * ms) / 1000);
  return Array.from({ length: count }, () => callerCodes.next().value ?? '');
}

/** Caller codes of the site's leads, no two alike: a second later each time that all leads had theirs. */
function* createCallerCodes(): Generator<string, undefined> {
  // A site's codes are those of the last hours.
  const startsAt = Math.floor(Date.now() / 60_000) * 60_000 - 6 * 3_600_000;
  for (let second = 0; ; second += 1) {
    const { month, day, minute } = localTime(vicidialZone, startsAt + second * 1000);
    const two = (number: number) => String(number).padStart(2, '0');
    const time = [month, day, Math.floor(minute / 60), minute % 60, second % 60].map(two).join('');
    for (let lead = 0; lead < vicidialLeads; lead += 1)
      yield `V${time.slice(1)}${String(1001 + lead).padStart(10, '0')}`;
  }
}
