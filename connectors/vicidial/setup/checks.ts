import type { Check, CheckResult } from '../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../src/domain/errors.ts';
import { findLine, wordsOf } from '../api/api-answer.ts';
import type { Vicidial } from '../vicidial.ts';
import { checkClock } from './check-clock.ts';
import { checkDnc } from './check-dnc.ts';
import { checkRights, noLead } from './check-rights.ts';
import { checkTables } from './check-tables.ts';

/** A line gets no calls when its heartbeat is older than 5 s; the rest is for clocks that differ. */
const heartbeatSec = 60;

/** What the doctor asks of a VICIdial. */
export function checks(vicidial: Vicidial): Check[] {
  return [
    readingCheck(vicidial),
    {
      id: 'api.login',
      title: 'The API takes our log-in, and the rights suffice to update leads',
      run: () => guarded(() => checkApi(vicidial), 'Without it no result reaches VICIdial.'),
    },
    {
      id: 'api.rights',
      title: 'The API user may call every function that is needed',
      needs: ['api.login'],
      run: () => guarded(() => checkRights(vicidial), 'A function that may not be called fails when it is needed.'),
    },
    {
      id: 'clock.zone',
      title: 'The time zone in the configuration is that of the dialer',
      run: () => guarded(() => checkClock(vicidial), 'Callbacks and logs are in the time of the dialer.'),
    },
    {
      id: 'lines.ready',
      title: 'Remote-agent lines are logged in',
      needs: [readingCheck(vicidial).id],
      run: () => guarded(() => checkLines(vicidial), 'Without a ready line no call is handed to the AI.'),
    },
    ...dncChecks(vicidial),
    ...gateChecks(vicidial),
  ];
}

/** The API does not tell what campaigns heed. */
function dncChecks(vicidial: Vicidial): Check[] {
  const { database } = vicidial;
  if (!database) return [];
  return [
    {
      id: 'dnc.heeded',
      title: 'Campaigns heed the DNC lists that opt-outs go to',
      needs: [readingCheck(vicidial).id],
      run: () => guarded(() => checkDnc(vicidial, database), 'A number that is listed would be dialled all the same.'),
    },
  ];
}

/** Requests for headers come when the customer has answered, and are not asked for consent or the scrub service. */
function gateChecks({ config }: Vicidial): Check[] {
  const asking = Object.keys(config.campaigns).filter((name) => {
    const { consent, scrub } = config.campaigns[name]?.gate ?? {};
    return consent !== undefined || scrub === true;
  });
  if (asking.length === 0) return [];
  return [
    {
      id: 'gate.before-dialling',
      title: 'What a campaign asks of a call is asked before VICIdial dials it',
      run: async () => ({
        status: 'warn',
        found: `consent or scrub service are asked for in ${asking.join(', ')}, but not of calls that VICIdial dials by itself`,
        why: 'A call whose headers are asked for has been answered: it goes to the AI whatever the gate would say.',
        fix: 'Filter the leads of these campaigns in VICIdial (Admin, Filters), or fill the hopper with `npx patchbay vicidial push`.',
      }),
    },
  ];
}

/** How leads are read: from the tables, or through the API and then with what that can't tell. */
function readingCheck(vicidial: Vicidial): Check {
  const { database } = vicidial;
  if (database) {
    return {
      id: 'database.reachable',
      title: 'The database answers and lets us read every table that is needed',
      run: () =>
        guarded(() => checkTables(vicidial, database), 'Without it no lead can be read and nothing be written back.'),
    };
  }
  return {
    id: 'api.only',
    title: 'Without a database, everything is read through the API',
    run: () => guarded(() => checkApiOnly(vicidial), 'Without it no lead can be read and nothing be written back.'),
  };
}

async function checkApiOnly({ reads }: Vicidial): Promise<CheckResult> {
  await reads.leadRow(noLead);
  await reads.liveLines();
  return { status: 'ok', found: `leads and lines can be read; what can't be told: ${reads.gaps.join(' ')}` };
}

async function checkApi({ api }: Vicidial): Promise<CheckResult> {
  const version = await api.call('version');
  const said = version.kind === 'lines' ? (version.lines[0]?.parts ?? []) : [];
  const build = said.find((part) => part.startsWith('BUILD:')) ?? '';
  // Changes nothing, but asks for every right that the real thing needs.
  const answer = await api.call('update_lead', { search_method: 'LEAD_ID', lead_id: noLead, no_update: 'Y' });
  if (findLine(answer, 'error', 'NO MATCHES FOUND')) {
    return { status: 'ok', found: `logged in; ${/^BUILD: [\d-]+$/.test(build) ? build : 'build unknown'}` };
  }
  return {
    status: 'fail',
    found: `update_lead answered: ${wordsOf(answer)}`,
    why: 'Results are written by update_lead.',
    fix: 'Give the API user level 8, API access and modify_leads 1, and see that api.url is that of the Non-Agent API.',
  };
}

async function checkLines({ reads, deps }: Vicidial): Promise<CheckResult> {
  const agents = await reads.remoteAgents();
  const active = agents.filter((agent) => agent.status === 'ACTIVE' || agent.status === '');
  if (active.length === 0) {
    return {
      status: 'fail',
      found: 'no remote agent is ACTIVE',
      why: 'VICIdial hands calls to the AI over a remote agent.',
      fix: 'Make a remote agent (Admin, Remote Agents) and set it ACTIVE.',
    };
  }
  const lines = await reads.liveLines();
  const now = deps.clock.now() / 1000;
  // Over the API nobody tells the heartbeat: to be logged in has to do.
  const alive = lines.filter(({ updated }) => updated === 0 || Math.abs(now - updated) <= heartbeatSec).length;
  const wanted = active.reduce((sum, agent) => sum + agent.number_of_lines, 0);
  const found = `${alive} of ${wanted} lines are logged in`;
  if (alive >= wanted) return { status: 'ok', found };
  return {
    status: alive > 0 ? 'warn' : 'fail',
    found,
    why: 'A line without a heartbeat gets no calls.',
    fix: "Set the remote agent's Server IP to one real dialer (never 0.0.0.0), one remote agent per dialer, and see that AST_VDremote_agents runs there with a right clock.",
  };
}

async function guarded(run: () => Promise<CheckResult>, why: string): Promise<CheckResult> {
  try {
    return await run();
  } catch (thrown) {
    const fix = thrown instanceof ConnectorError ? thrown.hint : '';
    return { status: 'fail', found: messageOf(thrown), why, fix: fix || 'See the log.' };
  }
}
