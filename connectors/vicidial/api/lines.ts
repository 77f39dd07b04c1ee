import { z } from 'zod';
import type { Clock } from '../../../src/domain/clock.ts';
import type { VicidialConfig } from '../config.ts';
import { lineUsersOf } from '../line-users.ts';
import { cellRows, oddAnswer, tabbed } from './answer-cells.ts';
import { findLine } from './api-answer.ts';
import type { LookUps } from './look-ups.ts';

/** Somebody who is logged in: a remote agent's line, or a person. */
export interface AgentLine {
  user: string;
  campaign: string;
  status: string;
  /** Empty when there is none. */
  leadId: string;
  /** Empty when there is none. */
  callerCode: string;
  /** `DEAD`: the customer's leg has ended, the line is not free yet. `DISPO`: a person writes the result. */
  subStatus: string;
  /** A configured remote agent's line: the AI, not a person. */
  isLine: boolean;
}

/** Who is logged in now. Many questions within a second cost one request. */
export type ReadAgentLines = () => Promise<readonly AgentLine[]>;

export interface LinesReading {
  lookUps: LookUps;
  config: Pick<VicidialConfig, 'remoteAgents'>;
  clock: Pick<Clock, 'now'>;
  /** Changes whenever we acted on a live call. */
  acts(): number;
}

const keptMs = 1000;

export function agentLines({ lookUps, config, clock, acts }: LinesReading): ReadAgentLines {
  const lineUsers = lineUsersOf(
    config.remoteAgents.map(({ user, lines }) => ({ user_start: user, number_of_lines: lines })),
  );
  let reading: Promise<readonly AgentLine[]> | null = null;
  let began = { at: 0, machine: 0, acts: 0 };

  return async () => {
    // A clock that is moved by hand ages what was read, and so does the machine's time while it stands still.
    const now = { at: clock.now(), machine: performance.now(), acts: acts() };
    const isFresh = now.at - began.at < keptMs && now.machine - began.machine < keptMs && now.acts === began.acts;
    if (reading && isFresh) return await reading;
    began = now;
    const current = readLines(lookUps, lineUsers);
    reading = current;
    current.catch(() => {
      if (reading === current) reading = null;
    });
    return await current;
  };
}

/** The line or person that holds this call or this lead: talking, or writing the result. */
export function isBusyWith(line: AgentLine, callerCode: string, leadId: string): boolean {
  const isMeant = (callerCode !== '' && line.callerCode === callerCode) || (leadId !== '' && line.leadId === leadId);
  return isMeant && (talking.includes(line.status) || line.subStatus === 'DISPO');
}

const talking: readonly string[] = ['QUEUE', 'INCALL', 'MQUEUE'];

async function readLines(lookUps: LookUps, lineUsers: ReadonlySet<string>): Promise<AgentLine[]> {
  const answer = await lookUps.ask('logged_in_agents', { ...tabbed, show_sub_status: 'YES' });
  if (answer.kind === 'lacking') return await readEachLine(lookUps, lineUsers);
  if (findLine(answer, 'error', 'NO LOGGED IN AGENTS')) return [];
  if (answer.kind === 'empty' || findLine(answer, 'error')) throw oddAnswer('logged_in_agents');
  return cellRows(answer.body)
    .filter(([first, second]) => first !== 'user' || second !== 'campaign_id')
    .map((cells) => {
      const read = LoggedIn.safeParse(cells);
      // One line that is left out could be the one that talks.
      if (!read.success) throw oddAnswer('logged_in_agents');
      return { ...read.data, isLine: lineUsers.has(read.data.user) };
    });
}

/** Releases before 2016 tell one agent at a time. */
async function readEachLine(lookUps: LookUps, lineUsers: ReadonlySet<string>): Promise<AgentLine[]> {
  const lines = await Promise.all(
    [...lineUsers].map(async (user): Promise<AgentLine | null> => {
      const answer = await lookUps.ask('agent_status', { agent_user: user, ...tabbed });
      if (answer.kind === 'lines' && findLine(answer, 'error', 'NOT')) return null;
      const read = Status.safeParse(answer.kind === 'lines' ? cellRows(answer.body)[0] : null);
      if (!read.success) throw oddAnswer('agent_status');
      return { user, ...read.data, isLine: true };
    }),
  );
  return lines.filter((line) => line !== null);
}

const cell = z.string();
const leadCell = cell.regex(/^\d*$/).transform((id) => (id === '0' ? '' : id));

/** user, campaign, session, status, lead, caller code, calls today, name, group, level; then pause code and sub-status. */
const LoggedIn = z
  .tuple([cell.min(1), cell, cell, cell, leadCell, cell, cell, cell, cell, cell])
  .rest(cell)
  .transform(([user, campaign, , status, leadId, callerCode, , , , , , subStatus = '']) => {
    return { user, campaign, status, leadId, callerCode, subStatus };
  });

/** status, caller code, lead, campaign, calls today, name, group, level, pause code, sub-status; then more. */
const Status = z
  .tuple([cell, cell, leadCell, cell, cell, cell, cell, cell])
  .rest(cell)
  .transform(([status, callerCode, leadId, campaign, , , , , , subStatus = '']) => {
    return { status, callerCode, leadId, campaign, subStatus };
  });
