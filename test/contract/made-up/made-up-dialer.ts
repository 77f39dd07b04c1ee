import { once } from 'node:events';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { CampaignConfig, dialerConfigShape } from '../../../connectors/shared/dialer-config.ts';
import { toE164 } from '../../../connectors/shared/phone.ts';
import type { LineGroup } from '../../../src/domain/ai-lines.ts';
import type { CallSighting, Leg } from '../../../src/domain/call.ts';
import { instantOf } from '../../../src/domain/clock.ts';
import type { ConnectorDeps, Variables } from '../../../src/domain/connector.ts';
import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { DialFigures } from '../../../src/domain/dial-figures.ts';
import type { CallResult, DialerConnector, HeldState, LegRecord, LiveCallControl } from '../../../src/domain/dialer.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { type Ask, createClient } from './made-up-client.ts';
import type { MadeUpCall, MadeUpRecord } from './made-up-server.ts';
import {
  madeUpChecks,
  madeUpGuide,
  madeUpSoftphone,
  madeUpSteps,
  madeUpTestCalls,
  madeUpView,
  madeUpWizard,
} from './made-up-set-up.ts';

const MadeUpConfig = z.strictObject({
  type: z.literal('made-up'),
  url: z.url(),
  hasControl: z.boolean().default(true),
  hangUpLeftOverSec: z.number().default(0),
  /** The AI's number that a campaign hands over to. */
  handsTo: z.record(z.string(), z.string()).default({}),
  /** Instant until which an aspect is not taken, by its name. */
  pauses: z.record(z.string(), z.string()).default({}),
  statuses: z.array(z.string()).default(['done', 'later', 'gone', 'never', 'sold']),
  ...dialerConfigShape({ headerBytes: 300, outcomeMs: 1500 }, CampaignConfig),
});
type MadeUpConfig = z.infer<typeof MadeUpConfig>;

/** A third dialer that does not exist. It uses every contribution of the port, and nothing under src/ knows it. */
export const madeUp = {
  type: 'made-up',
  config: MadeUpConfig,
  guide: madeUpGuide,
  wizard: madeUpWizard,
  create(id, config, deps) {
    const ask = createClient(config.url);
    return {
      id,
      type: 'made-up',
      settings: config,
      aspects: ['disposition', 'callback', 'dnc', 'fields'],
      batchSize: 10,
      async deliver(rows, keep) {
        const answers = new Map<string, DeliveryAnswer>();
        for (const row of rows) {
          const answer = await deliverOne(ask, row, deps);
          // A ticket must not be forgotten while the rest of the rows are on their way.
          if (answer.kind === 'submitted' && keep) await keep(new Map([[row.id, answer]]));
          else answers.set(row.id, answer);
        }
        return answers;
      },
      pausedUntil: (aspect) => Date.parse(config.pauses[aspect] ?? '') || 0,
      confirmPausedUntil: () => 0,
      async confirm(_receipt, rows) {
        return new Map(rows.map((row) => [row.id, { kind: 'done', note: 'the ticket is through' }] as const));
      },
      async reviewCampaigns() {
        return Object.entries(config.campaigns).flatMap(([campaign, { dispositions }]) =>
          Object.values(dispositions)
            .filter((status) => !config.statuses.includes(status))
            .map((status) => ({
              campaign,
              why: `the dialer has no status "${status}"`,
              hint: 'Choose one that it has.',
            })),
        );
      },
      async readLeads(cursor) {
        const page = (await ask(`/records?after=${cursor}`)) as MadeUpRecord[];
        const leads = page.map((record) => leadOf(id, record, config.country, deps));
        return {
          leads: leads.filter(({ phones }) => phones.length > 0),
          rejects: countRejects(leads),
          cursor: page.length < 2 ? '' : (page.at(-1)?.key ?? ''),
        };
      },
      campaignsHandingTo: (number) => Object.keys(config.handsTo).filter((name) => config.handsTo[name] === number),
      recogniseCall: (variables) => recognise(id, config.country, variables, deps),
      async findLead({ leg }) {
        if (!leg.leadKey) return null;
        const record = (await ask(`/record?key=${leg.leadKey}`)) as MadeUpRecord | null;
        return record ? leadOf(id, record, config.country, deps) : null;
      },
      look: (rows) => lookAt(ask, rows, deps),
      readLegRecord: async ({ callKey }) => (await ask(`/log?call=${callKey}`)) as LegRecord | null,
      async whyNotDialled(leads) {
        const reasons = new Map<string, string>();
        for (const { key, phones } of leads) {
          for (const phone of phones) {
            const { listed } = (await ask(`/dnc?number=${encodeURIComponent(phone)}`)) as { listed: boolean };
            if (listed) reasons.set(key, 'on its list');
          }
        }
        return reasons;
      },
      dialFigures: async () => (await ask('/figures')) as DialFigures[],
      ...(config.hasControl && { control: controlOf(id, config.hangUpLeftOverSec, ask) }),
      lines: {
        read: async () => (await ask('/lines')) as LineGroup[],
        set: async (key, setting) => void (await ask('/lines', { key, ...setting })),
      },
      view: () => madeUpView(ask),
      testCalls: madeUpTestCalls(ask, config.country, deps),
      softphone: madeUpSoftphone,
      checks: () => madeUpChecks(ask),
      routes: [
        {
          method: 'GET',
          path: 'hello/:name',
          access: 'client',
          handle: async ({ params }) => ({ status: 200, contentType: 'text/plain', body: `hello ${params.name}` }),
        },
        {
          method: 'POST',
          path: 'open',
          access: 'open',
          handle: async ({ body }) => ({ status: 202, contentType: 'text/plain', body: String(body.length) }),
        },
        {
          method: 'POST',
          path: 'told/:token',
          access: 'open',
          knowsToken: (token) => token === 'ours',
          handle: async ({ params, body }) => ({
            status: params.token === 'ours' ? 202 : 404,
            contentType: 'text/plain',
            body: String(body.length),
          }),
        },
      ],
      listeners: [{ name: 'echo', scheme: 'echo', host: '127.0.0.1', port: 0, serve: echo }],
      jobs: [
        {
          name: 'count',
          schedule: { everyMs: 50 },
          isExclusive: true,
          run: async () => {
            await deps.writeCursor('runs', String(Number((await deps.readCursor('runs')) || 0) + 1));
          },
        },
      ],
      commands: [
        {
          name: 'greet',
          summary: 'says hello',
          run: async (args, _options, output) => {
            output.write(`hello ${args.join(' ')}`);
            return 0;
          },
        },
      ],
      setupSteps: madeUpSteps(ask),
      metrics: () => [
        {
          name: 'patchbay_made_up_things',
          help: 'Things.',
          type: 'gauge',
          labelNames: ['dialer'],
          samples: [{ labels: { dialer: id }, value: 3 }],
        },
      ],
      close: async () => undefined,
    };
  },
} satisfies DialerConnector<MadeUpConfig>;

async function deliverOne(ask: Ask, row: WriteBack, deps: ConnectorDeps): Promise<DeliveryAnswer> {
  const { desired } = row;
  const key = row.target.leadKey;
  try {
    if (desired.aspect === 'dnc') {
      for (const value of desired.phones) {
        const { listed } = (await ask(`/dnc?number=${encodeURIComponent(value)}`)) as { listed: boolean };
        if (!listed || deps.ignoresIdempotency) await ask('/change', { key: key || value, aspect: 'dnc', value });
      }
      return { kind: 'done' };
    }
    const record = (await ask(`/record?key=${key}`)) as MadeUpRecord | null;
    if (!record) return { kind: 'refused', why: 'the made-up dialer has no such record', hint: 'Look for it there.' };
    if (record.values.human) {
      return { kind: 'overtaken', disposition: record.values.human, by: 'anna', at: instantOf(deps.clock) };
    }
    const value = valueFor(desired);
    if (record.values[desired.aspect] === value && !deps.ignoresIdempotency)
      return { kind: 'done', note: 'it was so already' };
    if (desired.aspect !== 'disposition') {
      await ask('/change', { key, aspect: desired.aspect, value });
      return { kind: 'done' };
    }
    const { ticket } = (await ask('/ticket', { key, aspect: 'disposition', value })) as { ticket: string };
    return { kind: 'submitted', receipt: ticket };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { kind: 'retry', why: error.message, inDoubt: error.inDoubt };
  }
}

async function lookAt(ask: Ask, rows: readonly WriteBack[], deps: ConnectorDeps): Promise<Map<string, HeldState>> {
  const states = new Map<string, HeldState>();
  for (const { id, desired, target } of rows) {
    if (desired.aspect === 'dnc') {
      const asked = desired.phones.map((phone) => ask(`/dnc?number=${encodeURIComponent(phone)}`));
      const listed = (await Promise.all(asked)).every((answer) => (answer as { listed: boolean }).listed);
      states.set(id, listed ? { kind: 'as-wanted', held: 'listed' } : { kind: 'lost', held: 'not listed' });
      continue;
    }
    const record = (await ask(`/record?key=${target.leadKey}`)) as MadeUpRecord | null;
    const held = record?.values[desired.aspect] ?? '';
    const human = record?.values.human;
    if (!record) states.set(id, { kind: 'unknown', why: 'there is no such record' });
    else if (human && desired.aspect === 'disposition')
      states.set(id, { kind: 'moved-on', held: human, by: 'anna', at: instantOf(deps.clock) });
    else if (held === valueFor(desired)) states.set(id, { kind: 'as-wanted', held });
    else states.set(id, held ? { kind: 'unknown', why: 'another value is there' } : { kind: 'lost', held });
  }
  return states;
}

function controlOf(id: string, hangUpLeftOverSec: number, ask: Ask): LiveCallControl {
  const steer = async (leg: Leg, act: string, to: string, { disposition: status }: CallResult) => {
    const said = (await ask('/steer', { call: leg.callKey, act, to, status })) as Partial<MadeUpCall> & {
      refused?: string;
    };
    if (said.refused) return { kind: 'refused', why: said.refused, hint: 'Make one.' } as const;
    return { kind: said.status === status ? 'done' : 'over' } as const;
  };
  return {
    hangUp: (leg, result) => steer(leg, 'hang-up', '', result),
    transfer: (leg, to, result) => steer(leg, 'transfer', to, result),
    async look(leg, { disposition }) {
      const call = (await ask(`/call?key=${leg.callKey}`)) as Partial<MadeUpCall>;
      if (call.state === 'ai') return 'here';
      return call.status === disposition ? 'done' : 'over';
    },
    hangUpLeftOverSec,
    async liveCalls() {
      const keys = (await ask('/live')) as string[];
      return keys.map((key) => ({ instance: id, kind: 'call-id', key }));
    },
  };
}

function valueFor(desired: Exclude<WriteBack['desired'], { aspect: 'dnc' }>): string {
  if (desired.aspect === 'disposition') return desired.disposition;
  return desired.aspect === 'callback' ? (desired.at ?? '') : JSON.stringify(desired.fields);
}

function recognise(id: string, country: string, variables: Variables, deps: ConnectorDeps): CallSighting | null {
  const callKey = variables.call_id ?? variables.made_up_call ?? variables.code ?? '';
  if (!callKey.startsWith('mu-')) return null;
  const number = variables.number ?? variables.phone ?? '';
  return {
    refs: [{ instance: id, kind: 'call-id', key: callKey }],
    leg: {
      dialer: id,
      callKey,
      campaign: variables.campaign ?? '',
      list: '',
      leadKey: variables.lead_id ?? '',
      number,
      phone: toE164(number, country),
      agent: '',
      calledAt: instantOf(deps.clock),
    },
    fields: variables.first_name ? { first_name: variables.first_name } : {},
  };
}

function leadOf(id: string, record: MadeUpRecord, country: string, deps: ConnectorDeps) {
  const phone = toE164(record.number, country);
  return {
    dialer: id,
    key: record.key,
    list: 'people',
    campaign: 'Autumn',
    phones: phone ? [phone] : [],
    fields: { first_name: record.name },
    changedAt: instantOf(deps.clock),
  };
}

function countRejects(leads: readonly { phones: readonly string[] }[]): Record<string, number> {
  const count = leads.filter(({ phones }) => phones.length === 0).length;
  return count > 0 ? { 'no usable number': count } : {};
}

async function echo(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  socket.pipe(socket);
  await once(socket, 'close');
}
