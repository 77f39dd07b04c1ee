import type { Command, CommandOutput } from '../../../src/domain/connector.ts';
import { isOn, readWhole, refuse, say } from '../../shared/answers.ts';
import type { ApiParameters } from '../api/api.ts';
import { findLine, wordsOf } from '../api/api-answer.ts';
import { lineUser } from '../line-users.ts';
import type { RemoteAgent } from '../tables/schema.ts';
import type { Vicidial } from '../vicidial.ts';
import { countBeatingLines } from './count-lines.ts';

/** The column is TINYINT UNSIGNED: the API takes up to 999, and 255 is what is kept. */
const mostLines = 255;
/** Switches the lines of a remote agent on or off, or changes how many there are. */
export function linesCommand(vicidial: Vicidial): Command {
  return {
    name: 'lines',
    summary: "switches a remote agent's lines on or off, or sets how many there are",
    arguments: [
      { name: 'user_start', summary: 'the first user of the remote agent', isRequired: true },
      { name: 'change', summary: `up, down, or a number of lines (at most ${mostLines})`, isRequired: true },
    ],
    options: [{ flags: '--dry-run', summary: 'only say what would be done' }],
    async run([first = '', change = ''], options, output) {
      const wanted = readChange(change);
      const agent = (await vicidial.reads.remoteAgents()).find(({ user_start }) => user_start === first);
      if (!agent) {
        return refuse(
          output,
          `VICIdial has no remote agent whose lines begin with user ${first}`,
          'See Admin, Remote Agents: User ID Start.',
        );
      }
      if (isOn(options, 'dryRun')) return sayPlan(output, agent, wanted);
      // An update that changes nothing has an answer of its own, or none.
      if (vicidial.database && isSoAlready(agent, wanted)) return sayResult(vicidial, output, first, true);
      const answer = await vicidial.api.call('update_remote_agent', { agent_user: first, ...wanted });
      if (answer.kind === 'noFunction') {
        return refuse(
          output,
          'this release of VICIdial has no update_remote_agent: it came in July 2024',
          `Change it by hand: Admin, Remote Agents, ${first}: Status and Number of Lines.`,
        );
      }
      const isAlready = findLine(answer, 'notice', 'IS ALREADY') !== undefined;
      if (!isAlready && !findLine(answer, 'success')) {
        return refuse(
          output,
          `VICIdial answered update_remote_agent: ${wordsOf(answer)}`,
          `See Admin, Remote Agents, ${first}.`,
        );
      }
      return sayResult(vicidial, output, first, isAlready);
    },
  };
}

function isSoAlready(agent: RemoteAgent, wanted: ApiParameters): boolean {
  if (wanted.status !== undefined) return agent.status === wanted.status;
  return agent.number_of_lines === Number(wanted.number_of_lines);
}

function readChange(change: string): ApiParameters {
  if (change === 'up') return { status: 'ACTIVE' };
  if (change === 'down') return { status: 'INACTIVE' };
  return { number_of_lines: String(readWhole(change, 'the number of lines', 1, mostLines)) };
}

function sayPlan(output: CommandOutput, agent: RemoteAgent, wanted: ApiParameters): number {
  const change = Object.entries(wanted).map(([name, value]) => `${name} ${value}`);
  const now = `${agent.status || 'there'} with ${agent.number_of_lines} lines`;
  say(output, { ok: true, dryRun: true, agent: agent.user_start, now: agent, wanted }, [
    `Remote agent ${agent.user_start} is ${now}. It would be set to ${change.join(', ')}.`,
  ]);
  return 0;
}

/** What VICIdial says is only a change of the table: whether lines log in, their heartbeat shows. */
async function sayResult(
  vicidial: Vicidial,
  output: CommandOutput,
  first: string,
  isAlready: boolean,
): Promise<number> {
  const agent = (await vicidial.reads.remoteAgents()).find(({ user_start }) => user_start === first);
  const lines = agent?.number_of_lines ?? 0;
  if (!vicidial.database) return sayWithoutTables(vicidial, output, first, isAlready);
  const expected = agent?.status === 'ACTIVE' ? lines : 0;
  const loggedIn = await countBeatingLines(vicidial, first, lines, expected);
  const isSo = loggedIn === expected;
  const head = `Remote agent ${first} is ${isAlready ? 'already ' : ''}${agent?.status ?? 'gone'} with ${lines} lines.`;
  const hint =
    "See the remote agent's Server IP (one real dialer, never 0.0.0.0), and that AST_VDremote_agents runs there.";
  say(output, { ok: isSo, agent: first, status: agent?.status, lines, loggedIn, expected, ...(!isSo && { hint }) }, [
    head,
    `${loggedIn} lines are logged in${isSo ? '.' : `, ${expected} should be.`}`,
    ...(isSo ? [] : [`→ ${hint}`]),
  ]);
  return isSo ? 0 : 1;
}

/** The API lists who is logged in, a line that lingers included, and neither heartbeats nor the remote agent's state. */
async function sayWithoutTables(
  { reads }: Vicidial,
  output: CommandOutput,
  first: string,
  isAlready: boolean,
): Promise<number> {
  const users = new Set(Array.from({ length: mostLines }, (_, line) => lineUser(first, line)));
  const listed = (await reads.liveLines()).filter(({ user }) => users.has(user)).length;
  say(output, { ok: true, agent: first, isAlready, listed, unknown: ['heartbeats'] }, [
    `VICIdial has ${isAlready ? 'it so already' : 'taken the change'} for remote agent ${first}.`,
    `${listed} of its lines are listed as logged in just now; without the tables nobody can tell whether they are alive.`,
  ]);
  return 0;
}
