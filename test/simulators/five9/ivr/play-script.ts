import { instantOf } from '../../../../src/domain/clock.ts';
import type { Contact } from '../contact-store.ts';
import { dispose } from '../dispose.ts';
import { addToDnc } from '../dnc.ts';
import { type Actor, type Five9Domain, note } from '../five9-domain.ts';
import type { CallRequest, Campaign } from '../options.ts';
import type { AiLegDeps, AiLegs } from './ai-leg.ts';
import type { CallLog } from './call-log.ts';
import { readHeaderKeys, readKey, runQuery } from './query-module.ts';

export interface PlayDeps extends AiLegDeps {
  domain: Five9Domain;
  legs: AiLegs;
  patchbayUrl: string;
  dialer: string;
  ivrUser: string;
  ivrKey: string;
  registerFields: readonly string[];
}

export interface PlayInput {
  call: CallLog;
  campaign: Campaign;
  contact: Contact | undefined;
  human: CallRequest['human'];
}

const maxHeaders = 10;
const outcomeTries = 3;
const pauseMs = 1000;

/**
 * Plays a light version of the generated script: Query register, Case on its route, 3rd Party Transfer with headers and
 * return, Query outcome (again while pending), Case on its route.
 */
export async function playScript(deps: PlayDeps, input: PlayInput): Promise<void> {
  const { call } = input;
  await register(deps, input);
  const route = call.registerRoute;
  if (route === 'hangup') call.branch = 'hangup';
  // The error branch, and a route that the script does not know, lead to people.
  else if (route !== 'ai') call.branch = 'skill';
  else call.branch = (await deps.legs.transfer(deps, call)) ? await afterAi(deps, call) : 'skill';

  deps.domain.imports.settle();
  if (call.branch === 'skill') await transferToSkill(deps, input);
  if (call.branch === 'dnc') addToDnc(deps.domain, actorOf(deps, call, 'ivr'), [call.number1]);
  hangUp(deps, call);
}

async function register(deps: PlayDeps, { call, campaign, contact }: PlayInput): Promise<void> {
  // Inbound: the customer calls us. Else: we called the customer.
  const isInbound = call.call_type === 2;
  const fields = deps.registerFields.map((name) => [name, contact ? deps.domain.contacts.read(contact, name) : '']);
  const answer = await query(deps, call, 'register', {
    call_id: call.call_id,
    session_id: call.session_id,
    call_type: String(call.call_type),
    ani: isInbound ? call.number1 : campaign.ani,
    dnis: isInbound ? campaign.ani : call.number1,
    campaign: call.campaign,
    list: call.list,
    ...Object.fromEntries(fields),
  });
  call.registerRoute = readKey(answer, 'route');
  call.correlation_id = readKey(answer, 'correlation_id');
  call.sipHeaders = Object.fromEntries(Object.entries(readHeaderKeys(answer)).slice(0, maxHeaders));
}

async function afterAi(deps: PlayDeps, call: CallLog): Promise<string> {
  const isCallerGone = call.byeReason === 'user_ended_call';
  return isCallerGone && deps.domain.switches.callerHangUpEndsScript ? 'caller hung up' : askOutcome(deps, call);
}

/** Gives the branch of the Case after the outcome Query. */
async function askOutcome(deps: PlayDeps, call: CallLog): Promise<string> {
  for (let tries = 1; tries <= outcomeTries; tries += 1) {
    const answer = await query(deps, call, 'outcome', {
      correlation_id: call.correlation_id,
      call_id: call.call_id,
      wait_ms: '1500',
      ...call.byeHeaders,
    });
    if (answer === '') return 'skill';
    const isLast = tries === outcomeTries;
    if (isLast || readKey(answer, 'status') !== 'pending') {
      const route = readKey(answer, 'route');
      return ['skill', 'dnc', 'callback', 'hangup'].includes(route) ? route : 'skill';
    }
    await deps.clock.sleep(pauseMs);
    deps.signal.throwIfAborted();
  }
  return 'skill';
}

/** Runs a Query against Patchbay and logs it; gives the body, empty on the error branch. */
async function query(
  deps: PlayDeps,
  call: CallLog,
  module: 'register' | 'outcome',
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const at = instantOf(deps.domain.clock);
  const url = `${deps.patchbayUrl}/v1/ivr/${deps.dialer}/${module}`;
  const result = await runQuery(url, parameters, { name: deps.ivrUser, password: deps.ivrKey }, deps.signal);
  deps.signal.throwIfAborted();
  const body = result.isError ? '' : result.body;
  const { status, ms, error } = result;
  const answered = { status: readKey(body, 'status'), route: readKey(body, 'route') };
  call.queries.push({ module, at, status, ms, error, answered });
  return body;
}

/** Skill Transfer; an agent, when there is one, talks and dispositions the record. */
async function transferToSkill(deps: PlayDeps, { call, campaign, contact, human }: PlayInput): Promise<void> {
  const { domain } = deps;
  const record = call.number1;
  note(domain, actorOf(deps, call, 'ivr'), {
    kind: 'transfer',
    record,
    campaign: campaign.name,
    value: 'skill',
    isChange: true,
  });
  if (!human) return;
  await deps.clock.sleep(human.afterSec * 1000);
  deps.signal.throwIfAborted();
  domain.imports.settle();
  call.humanDisposition = human.disposition;
  const disposition = domain.dispositions.get(human.disposition) ?? { name: human.disposition, type: 'FinalDisp' };
  if (contact) dispose(domain, actorOf(deps, call, 'human'), campaign, contact, disposition);
}

function hangUp(deps: PlayDeps, call: CallLog): void {
  const by = ['skill', 'caller hung up'].includes(call.branch) ? 'dialer' : 'ivr';
  note(deps.domain, actorOf(deps, call, by), {
    kind: 'hangup',
    record: call.number1,
    campaign: call.campaign,
    value: call.branch,
    isChange: true,
  });
}

function actorOf(deps: PlayDeps, call: CallLog, by: Actor['by']): Actor {
  return { by, callKey: call.call_id, at: deps.domain.clock.now() };
}
