import { z } from 'zod';
import type { ConnectorRegistry } from '../../../../config/registry.ts';
import { CampaignConfig, dialerConfigShape } from '../../../../connectors/shared/dialer-config.ts';
import type { ConnectorDeps, Contributions } from '../../../../src/domain/connector.ts';
import type { DialerConnector } from '../../../../src/domain/dialer.ts';
import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { PlatformConnector } from '../../../../src/domain/platform.ts';
import type { MadeThing, SetupRun, SetupStep, SetupWizard } from '../../../../src/domain/setup.ts';

/** A system of the outside world, as small as can be: named things with a value, and what goes wrong next. */
export interface ToySystem {
  things: Map<string, string>;
  writes: string[];
  /** What a write throws before or after it takes effect. */
  failNext: { when: 'before' | 'after'; error: Error } | null;
  isAway: boolean;
  /** How often somebody looked at it, or tried to. */
  looks: number;
  /** Passwords that log in. */
  logIns: string[];
}

export function toySystem(things: Readonly<Record<string, string>> = {}): ToySystem {
  return { things: new Map(Object.entries(things)), writes: [], failNext: null, isAway: false, looks: 0, logIns: [] };
}

const ToyBell = z.strictObject({
  type: z.literal('bell'),
  password: z.string().min(4).meta({ secret: true }),
  fields: z.array(z.string()).default(['colour']),
  ...dialerConfigShape({ headerBytes: 300, outcomeMs: 1500 }, CampaignConfig),
});
type ToyBell = z.infer<typeof ToyBell>;

const ToyParrot = z.strictObject({
  type: z.literal('parrot'),
  token: z.string().min(4).meta({ secret: true }).describe('Token.'),
  secrets: z.array(z.string().meta({ secret: true })).default([]),
});
type ToyParrot = z.infer<typeof ToyParrot>;

/** A dialer `bell` and a platform `parrot` that talk to these systems. */
export function toyRegistry(bell: ToySystem, parrot: ToySystem): ConnectorRegistry {
  const dialer = {
    type: 'bell',
    config: ToyBell,
    wizard: bellWizard(bell),
    create: (id: string, config: ToyBell) => ({
      ...contributions(id, 'bell', bell),
      settings: config,
      aspects: [],
      batchSize: 1,
      deliver: async () => new Map(),
      setupSteps: [
        manual('contract', 'Sign the contract', `Sign it for ${id}.`),
        thingStep(
          bell,
          'fields',
          'dialer',
          config.fields.map((field) => `field ${field}`),
        ),
        thingStep(bell, 'script', 'campaign', ['script spring']),
      ],
    }),
  } satisfies DialerConnector<ToyBell>;
  const platform = {
    type: 'parrot',
    config: ToyParrot,
    wizard: parrotWizard(parrot),
    create: (id: string, _: ToyParrot, deps: ConnectorDeps) => ({
      ...contributions(id, 'parrot', parrot),
      receiveEvent: () => ({ kind: 'ignored' as const, why: 'it is a toy' }),
      readToolCall: () => ({
        correlationId: '',
        variables: {},
        outcome: '',
        summary: '',
        callbackAt: '',
        to: '',
        fields: {},
      }),
      readInboundCall: () => ({ kind: 'other' as const }),
      answerInboundCall: () => '',
      setupSteps: [hookStep(parrot, `${deps.publicUrl}/events`)],
    }),
  } satisfies PlatformConnector<ToyParrot>;
  return { dialers: [dialer], platforms: [platform] };
}

function contributions(id: string, type: string, system: ToySystem): Contributions {
  return {
    id,
    type,
    checks: () => [
      {
        id: 'reachable',
        title: 'It answers',
        looksAt: 'the toy system',
        run: async () => (system.isAway ? { status: 'fail', found: 'away' } : { status: 'ok', found: 'there' }),
      },
    ],
    close: async () => undefined,
  };
}

function manual(id: string, title: string, text: string): SetupStep {
  return { id, title, kind: 'manual', phase: 'access', checks: ['reachable'], describe: () => text };
}

/** Makes each thing with the value `ours`, unless it is there. */
function thingStep(system: ToySystem, id: string, phase: 'dialer' | 'campaign', names: readonly string[]): SetupStep {
  return {
    id,
    title: `Make ${id}`,
    kind: 'api',
    phase,
    checks: ['reachable', 'platform:reachable'],
    describe: () => `Make ${names.join(', ')}.`,
    async plan() {
      look(system);
      return names.map((what) => {
        const isThere = system.things.has(what);
        return { what, state: isThere ? 'there' : 'missing', detail: isThere ? '' : 'will be made' };
      });
    },
    async apply(run) {
      for (const what of names.filter((name) => !system.things.has(name))) {
        const begun = await run.begin(what, { value: 'ours' });
        write(system, what, 'ours');
        await begun.made({ id: `id of ${what}` });
      }
    },
    undo: (made) => takeBack(system, made),
  };
}

/** A hook that comes with a secret, which goes into our own section. */
function hookStep(system: ToySystem, url: string): SetupStep {
  return {
    ...thingStep(system, 'hook', 'dialer', ['hook']),
    phase: 'platform',
    describe: () => `The hook calls \`${url}\`; its secret is PARROT_SECRET.`,
    async apply(run: SetupRun) {
      if (system.things.has('hook')) return;
      const begun = await run.begin('hook', { value: 'ours' });
      write(system, 'hook', 'ours');
      await begun.made();
      await run.keepSecret({ name: 'PARROT_SECRET', value: 'whsec "of the $hook # 1', list: ['secrets'] });
    },
  };
}

async function takeBack(system: ToySystem, { what, undoData }: MadeThing) {
  look(system);
  const held = system.things.get(what);
  if (held === 'stuck') return { kind: 'by-hand', what: `Delete ${what} in the menu.` } as const;
  if (held === undefined) return { kind: 'gone' } as const;
  if (held !== undoData.value) return { kind: 'changed', why: `it is "${held}" now` } as const;
  system.things.delete(what);
  system.writes.push(`delete ${what}`);
  return { kind: 'undone' } as const;
}

function write(system: ToySystem, what: string, value: string): void {
  const failure = system.failNext;
  system.failNext = null;
  if (failure?.when === 'before') throw failure.error;
  system.things.set(what, value);
  system.writes.push(`make ${what}`);
  if (failure) throw failure.error;
}

function look(system: ToySystem): void {
  system.looks += 1;
  if (!system.isAway) return;
  throw new ConnectorError('dialer_away', 'the toy did not answer', { retryable: true, hint: 'Wind it up' });
}

function parrotWizard(system: ToySystem): SetupWizard<ConnectorDeps> {
  return async (ask, site) => {
    const known = typeof site.present?.token === 'string' ? site.valueOf(site.present.token) : '';
    const token = await ask.secret({
      key: `${site.id}.token`,
      message: 'Token of the parrot',
      judge: (text) => (text.length < 4 ? 'It has four letters at least.' : null),
      ...(known && { byDefault: known }),
    });
    if (!ask.isRehearsal) system.logIns.push(token);
    return {
      section: { token: site.keepSecret('PARROT_TOKEN', token) },
      numbers: [{ platform: site.id, number: '+19895551234', agentId: 'a1', agentName: 'Spring' }],
    };
  };
}

function bellWizard(system: ToySystem): SetupWizard<ConnectorDeps> {
  return async (ask, site) => {
    const known = typeof site.present?.password === 'string' ? site.valueOf(site.present.password) : '';
    const password = await ask.secret({
      key: `${site.id}.password`,
      message: 'Password of the bell',
      ...(known && { byDefault: known }),
    });
    if (!ask.isRehearsal) {
      system.logIns.push(password);
      if (password === 'wrong') {
        throw new ConnectorError('dialer_denied', 'the bell refused the password', { hint: 'Look it up' });
      }
    }
    const fields = await ask.chooseSome({
      key: `${site.id}.fields`,
      message: 'Which fields?',
      choices: [
        { value: 'colour', label: 'Colour' },
        { value: 'size', label: 'Size', hint: 'in inches' },
      ],
      byDefault: (site.present?.fields as ('colour' | 'size')[] | undefined) ?? ['colour'],
    });
    const number = await ask.choose({
      key: `${site.id}.campaigns.spring.number`,
      message: 'Which number does SPRING call?',
      choices: site.numbers.map((each) => ({ value: each.number, label: each.agentName })),
    });
    const isSold = await ask.confirm({ key: `${site.id}.sale`, message: 'Does it sell?', byDefault: false });
    site.makeClient({ name: `${site.id}-ivr`, may: ['dialer'] });
    ask.say(`SPRING calls ${number}`);
    return {
      section: {
        password: site.keepSecret('BELL_PASSWORD', password),
        fields,
        campaigns: { SPRING: { dispositions: isSold ? { sale: 'SALE' } : {} } },
      },
    };
  };
}
