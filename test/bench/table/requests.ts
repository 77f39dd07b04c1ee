import { createHmac } from 'node:crypto';
import { writeRequest } from './exchange.ts';
import { eventToken, key, webhookSecret } from './site.ts';

/** What is asked. Every contestant answers on the same paths. */
export const kinds = ['register', 'outcome', 'commit', 'woken', 'event', 'headers', 'agi', 'call'] as const;
export type Kind = (typeof kinds)[number];

/** What the body of a good answer holds, and that of a fault does not. */
export const goodAnswers: Record<Kind, string> = {
  register: '"status":"ok"',
  outcome: '"status":"done"',
  commit: '"ok":true',
  woken: '"status":"done"',
  event: '"result":"recorded"',
  headers: 'X-',
  agi: '',
  call: '',
};

/** What only the lead itself has, and how many headers it makes with those of the call. */
export const leadsHeader = 'X-first_name';
export const headersOfLead = 8;

const authorization = `Basic ${Buffer.from(`bench:${key}`).toString('base64')}`;

/** A script registers a new call of one of so many leads: `index` makes it another one. */
export function registerRequest(index: number, leads = phonesOfArea, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    call_id: String(30_000_000_000 + index),
    call_type: '5',
    campaign: 'Spring',
    ani: '8005550100',
    dnis: phoneOf(index % leads),
    list: 'Spring list',
    first_name: 'Ada',
    last_name: 'Field',
    city: 'Denver',
    state: 'CO',
    ...more,
  });
  return writeRequest('GET', `/v1/ivr/five9/register?${query}`, { headers: { authorization }, body: '' });
}

/** The same by a script that sends the contact's own key, of many leads: what is written back need not be looked up. */
export function keyedRegisterRequest(index: number): string {
  return registerRequest(index, manyLeads, { number1: phoneOf(index % manyLeads) });
}

export function outcomeRequest(id: string): string {
  return writeRequest('GET', `/v1/ivr/five9/outcome?correlation_id=${id}`, { headers: { authorization }, body: '' });
}

export function commitRequest(id: string): string {
  const body = JSON.stringify({ correlation_id: id, outcome: 'sale', summary: 'Wants two panels in May' });
  return writeRequest('POST', '/v1/platforms/sigmamind/tools/commit-outcome', { headers: { authorization }, body });
}

/** The end of a conversation, as the platform tells it, signed. */
export function eventRequest(id: string, now: Date): string {
  const at = now.toISOString();
  const body = JSON.stringify({
    event: 'conversation_ended',
    timestamp: at,
    webhookId: 'wh_1',
    workspaceId: 'org_made_up',
    agentId: 'agent_solar',
    data: {
      callId: `call_${id}`,
      callType: 'inbound',
      status: 'ended',
      endTime: at,
      duration: 42,
      terminationReason: 'user_ended_call',
      recordingUrl: `https://recordings.example.com/call_${id}.wav`,
      dynamicVariables: { correlation_id: id, first_name: 'Ada', lead_id: '1001' },
    },
  });
  const signature = `sha256=${createHmac('sha256', webhookSecret).update(body).digest('hex')}`;
  const headers = { 'X-SigmaMind-Signature': signature };
  return writeRequest('POST', `/v1/platforms/sigmamind/events/${eventToken}`, { headers, body });
}

/** As Asterisk's CURL asks it. */
export function headersRequest(code: string): string {
  const query = `code=${code}&cl=${code}&phone=${leadPhoneOf(code)}&uid=${uniqueidOf(code)}&fmt=arr`;
  const headers = { authorization, 'User-Agent': 'asterisk-libcurl-agent/1.0', Accept: '*/*' };
  return writeRequest('GET', `/v1/ivr/vicidial/headers?${query}`, { headers, body: '' });
}

/** What Asterisk tells a FastAGI server first. */
export function agiEnvironment(code: string, port: number): string {
  return [
    'agi_network: yes',
    'agi_network_script: vicidial',
    `agi_request: agi://127.0.0.1:${port}/vicidial`,
    'agi_channel: SIP/carrier-00000001',
    'agi_language: en',
    'agi_type: SIP',
    `agi_uniqueid: ${uniqueidOf(code)}`,
    'agi_version: 18.26.4',
    `agi_callerid: ${leadPhoneOf(code)}`,
    `agi_calleridname: ${code}`,
    'agi_dnid: unknown',
    'agi_context: default',
    'agi_extension: 979819895551234',
    'agi_priority: 4',
    'agi_enhanced: 0.0',
    'agi_accountcode: ',
    'agi_threadid: 140000000000000',
    `agi_arg_1: ${code}`,
    '\n',
  ].join('\n');
}

const areas = ['303', '304', '305', '307', '308', '309', '310', '312', '313', '314', '315', '316'];
const phonesOfArea = 10_000;
/** As many leads as there are numbers: a lead is called some times a day, not every minute. */
export const manyLeads = areas.length * phonesOfArea;

/** Made-up numbers: 555 and four digits, in Denver, and in other places once those are through. They come again. */
export function phoneOf(index: number): string {
  const area = areas[Math.floor(index / phonesOfArea) % areas.length];
  return `${area}555${String(index % phonesOfArea).padStart(4, '0')}`;
}

function uniqueidOf(code: string): string {
  return `17636${code.slice(5, 10)}.${Number(code.slice(10))}`;
}

/** The made-up site's lead 1001 has 303 555 1000, and so on. */
function leadPhoneOf(code: string): string {
  return `303555${Number(code.slice(10)) - 1}`;
}
