import { connect } from 'node:net';
import { SignatureConfig } from '../../../connectors/sigmamind/config.ts';
import { ruleOf, sign } from '../../../connectors/sigmamind/signature.ts';
import { formsOfNumber } from '../../support/planted.ts';
import { knockEverywhere } from './every-route.ts';
import { zoe } from './people.ts';
import type { PlantedService } from './planted-service.ts';

export interface Overheard {
  /** What somebody heard who had no right to hear anything of a person: answers to wrong keys, wrong bodies, wrong paths. */
  answers: string[];
  /** What who has a key heard, the refusals among it. */
  told: string[];
}

const code = 'V3020800000000001001';
const person = {
  first_name: zoe.first,
  last_name: zoe.last,
  email: zoe.email,
  street: zoe.street,
  comments: zoe.note,
};

/** Zoe's calls, by every door, rightly and wrongly; then the store refuses rows, and quotes them. */
export async function tellStory(service: PlantedService): Promise<Overheard> {
  const { url, secrets } = service;
  const answers: string[] = [];
  const told: string[] = [];
  const hear = async (response: Promise<Response>) =>
    void answers.push(await response.then((each) => each.text(), String));
  const key = { 'x-api-key': secrets.SCRIPT_KEY };
  const ivr = (path: string, variables: Record<string, string>, headers: Record<string, string> = key) =>
    fetch(`${url}/v1/ivr/${path}?${new URLSearchParams(variables)}`, { headers });

  const event = async (body: object) => void told.push(await webhook(service, body));
  const use = async (name: string, body: object) => void told.push(await tool(service, name, body));

  const call = {
    call_id: '300000001',
    call_type: '5',
    ani: '8005550199',
    dnis: zoe.national,
    campaign: 'Spring',
    ...person,
  };
  const registered = (await (await ivr('five9/register', call)).json()) as { correlation_id: string };
  const correlationId = registered.correlation_id;
  for (const number of formsOfNumber(zoe.national)) {
    await ivr('five9/register', { ...call, call_id: `30000${answers.length}1`, number });
    told.push(await (await ivr('five9/context', { number })).text());
    await hear(ivr('five9/register', { ...call, number }, { 'x-api-key': `wrong-${secrets.SCRIPT_KEY}` }));
  }
  await ivr('vicidial/headers', { code, cl: code, phone: zoe.national, uid: '1772463600.12', ...person });
  await askFastAgi(service.agiPort);

  await event({
    event: 'conversation_started',
    call_id: 'call-1',
    from_number: `+1${zoe.national}`,
    variables: { correlation_id: correlationId },
  });
  await use('commit-outcome', {
    correlation_id: correlationId,
    outcome: 'callback',
    callback_at: 'tomorrow at 3 pm',
    summary: `${zoe.first} ${zoe.note}`,
    mood: zoe.said,
  });
  await use('commit-outcome', { correlation_id: correlationId, outcome: `${zoe.first} at ${zoe.national}` });
  await use('transfer', { correlation_id: correlationId, to: `extension:${zoe.national}` });
  await use('find-lead', { phone: zoe.national, first_name: zoe.first });
  await event(ended(correlationId));
  await event({
    event: `odd ${zoe.national}`,
    call_id: 'call-1',
    data: { ...person, transcript: zoe.said },
  });
  await event({
    event: 'conversation_ended',
    call_id: `nobody's ${zoe.first}`,
    from_number: `+1${zoe.national}`,
  });
  await (
    await fetch(`${url}/v1/platforms/sigmamind/inbound-call/${secrets.INBOUND_TOKEN}`, {
      method: 'POST',
      body: JSON.stringify({ event: 'inbound_call', from_number: `+1${zoe.national}`, to_number: '+13035550100' }),
    })
  ).text();

  // Who proves nothing, and brings everything.
  const bodies = [JSON.stringify({ ...ended(correlationId), ...secrets }), `{"a": ${zoe.first}`, `<${zoe.first}>`];
  for (const body of bodies) {
    await hear(fetch(`${url}/v1/platforms/sigmamind/events/${secrets.EVENT_TOKEN}`, { method: 'POST', body }));
    await hear(fetch(`${url}/v1/platforms/sigmamind/events/${secrets.EVENT_TOKEN}x`, { method: 'POST', body }));
    await hear(
      fetch(`${url}/v1/dialers/five9/imports/${secrets.IMPORT_TOKEN}?n=${zoe.national}`, { method: 'POST', body }),
    );
    await hear(
      fetch(`${url}/v1/platforms/sigmamind/tools/transfer`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${zoe.first}` },
      }),
    );
  }
  for (const path of [
    `/nowhere/${secrets.EVENT_TOKEN}?phone=${zoe.national}`,
    `/v1/ivr/${zoe.first}/outcome`,
    `/%zz${zoe.first}`,
  ]) {
    await hear(fetch(url + path));
    await hear(fetch(url + path, { method: 'POST', body: zoe.said.repeat(60_000) }));
  }

  answers.push(...(await knockEverywhere(service)));

  await service.store.refuseRows();
  await event({
    ...ended(correlationId),
    event: 'conversation_analysed',
    insights: { summary: zoe.note, qualification: 'Interested', ...person },
  });
  await ivr('five9/register', { ...call, call_id: '300000777' });
  await use('commit-outcome', {
    correlation_id: correlationId,
    outcome: 'opt_out',
    summary: `${zoe.first} ${zoe.said}`,
  });
  return { answers, told };
}

function ended(correlationId: string) {
  return {
    event: 'conversation_ended',
    call_id: 'call-1',
    variables: { correlation_id: correlationId, ...person },
    from_number: `+1${zoe.national}`,
    termination_reason: `user_hangup ${zoe.first}`,
    duration: 61,
    recording_url: `https://recordings.example/${zoe.first}-${zoe.national}.wav`,
    transcript: [{ role: 'user', content: `I am ${zoe.first}, ${zoe.said}` }],
  };
}

async function webhook({ url, secrets }: PlantedService, event: object): Promise<string> {
  const rule = ruleOf(
    SignatureConfig.parse({
      header: 'X-SigmaMind-Signature',
      prefix: 'sha256=',
      signed: 'body',
      secrets: [secrets.WEBHOOK_SECRET],
    }),
  );
  if (!rule) throw new Error('the story signs its webhooks');
  const body = Buffer.from(JSON.stringify(event));
  const headers = { 'content-type': 'application/json', ...sign(rule, body, Date.now(), 'delivery-1') };
  const address = `${url}/v1/platforms/sigmamind/events/${secrets.EVENT_TOKEN}`;
  return (await fetch(address, { method: 'POST', headers, body })).text();
}

async function tool({ url, secrets }: PlantedService, name: string, body: object): Promise<string> {
  const headers = { authorization: `Bearer ${secrets.TOOLS_KEY}`, 'content-type': 'application/json' };
  const address = `${url}/v1/platforms/sigmamind/tools/${name}`;
  return (await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) })).text();
}

function askFastAgi(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        `agi_network_script: vicidial\nagi_callerid: ${zoe.national}\nagi_calleridname: ${zoe.first}\nagi_arg_1: ${code}\n\n`,
      );
    });
    socket.on('data', () => socket.write('200 result=1\n'));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    setTimeout(() => socket.destroy(), 1500).unref();
  });
}
