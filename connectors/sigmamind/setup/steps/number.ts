import type { MadeThing, PlannedChange, SetupRun, SetupStep, UndoAnswer } from '../../../../src/domain/setup.ts';
import type { NumberChange, PhoneNumber } from '../../api/phone-numbers.ts';
import { isPlatformHost } from '../checks/numbers.ts';
import { lookAtSite, type SetupDeps } from '../seen-site.ts';
import { change, hasNoWay, textOf } from './change.ts';

interface Wish {
  number: string;
  agentId: string;
  terminationUri: string;
  name: string;
  /** Null when it is not registered. */
  held: PhoneNumber | null;
  /** Why it can't be done; empty when it can. */
  obstacle: string;
  /** What must be changed of a registered one. */
  change: NumberChange;
}

/** Registers the numbers that dialers call, and maps the agents. */
export function numberStep(setup: SetupDeps): SetupStep {
  const { config } = setup;
  return {
    id: 'number',
    title: 'Register the numbers that the dialers call',
    kind: 'api',
    phase: 'platform',
    checks: ['number.registered', 'number.termination-uri', 'number.agent'],
    describe: () =>
      [
        'Dashboard → Deploy → Phone Numbers → Add Phone Number → Connect via SIP Trunking, for each of:',
        '',
        '| Phone Number | Terminal URI | Inbound AI Agent |',
        '| --- | --- | --- |',
        ...Object.entries(config.numbers).map(
          ([number, { terminationUri, agentId }]) =>
            `| ${number} | ${terminationUri ?? 'the one from your carrier'} | ${agentId} |`,
        ),
        '',
        `The Terminal URI is your carrier's: SigmaMind dials out there when the agent transfers. \`${config.sip.host}\` belongs into the dialer, never here. SIP Trunk User Name and Password only where the carrier asks for them: set-up does not enter them.`,
      ].join('\n'),
    plan: async () => (await wishesOf(setup)).map(planned),
    apply: (run) => applyWishes(setup, run),
    undo: (made) => (textOf(made, 'kind') === 'import' ? undoImport(setup, made) : undoChange(setup, made)),
  };
}

async function wishesOf(setup: SetupDeps): Promise<Wish[]> {
  const { config } = setup;
  const held = await lookAtSite(setup).phoneNumbers();
  return Object.entries(config.numbers).map(([number, { agentId, terminationUri = '', name = number }]) => {
    const row = held.find(({ sipPhoneNumber }) => sipPhoneNumber === number) ?? null;
    const differsUri = row !== null && terminationUri !== '' && row.terminationSipURI !== terminationUri;
    return {
      number,
      agentId,
      terminationUri,
      name,
      held: row,
      obstacle: obstacleOf(setup, number, terminationUri, row),
      change: {
        ...(row && row.inboundAgentId !== agentId && { inboundAgentId: agentId }),
        ...(differsUri && { terminationSipURI: terminationUri }),
      },
    };
  });
}

function obstacleOf({ id, config }: SetupDeps, number: string, uri: string, held: PhoneNumber | null): string {
  const key = `\`platforms.${id}.numbers.${number}.terminationUri\``;
  if (uri === '' && !held) return `set ${key} to the SIP termination URI of your carrier first`;
  if (uri !== '' && isPlatformHost(uri, config.sip.host)) {
    return `${key} is SigmaMind's own server: it must be the address of your carrier`;
  }
  return '';
}

function planned({ number, agentId, terminationUri, held, obstacle, change: wanted }: Wish): PlannedChange {
  const what = `number ${number}`;
  if (obstacle) return { what, state: 'blocked', detail: obstacle };
  if (!held) return { what, state: 'missing', detail: `import with ${terminationUri}, answered by ${agentId}` };
  const parts = [
    ...(wanted.inboundAgentId !== undefined ? [`agent ${held.inboundAgentId || 'none'} → ${agentId}`] : []),
    ...(wanted.terminationSipURI !== undefined
      ? [`termination URI ${held.terminationSipURI || 'none'} → ${terminationUri}`]
      : []),
  ];
  if (parts.length > 0) return { what, state: 'differs', detail: parts.join(', ') };
  return { what, state: 'there', detail: `answered by ${agentId}` };
}

async function applyWishes(setup: SetupDeps, run: SetupRun): Promise<void> {
  const { api } = setup;
  for (const wish of await wishesOf(setup)) {
    const { number, agentId, terminationUri, name, held } = wish;
    if (wish.obstacle) continue;
    if (!held) {
      const made = {
        phoneNumber: number,
        terminationSipURI: terminationUri,
        friendlyName: name,
        inboundAgentId: agentId,
      };
      await change(run, `number ${number}`, { kind: 'import', number, terminationUri, agentId }, () =>
        api.importPhoneNumber(made),
      );
    } else if (Object.keys(wish.change).length > 0) {
      const before = { agentId: held.inboundAgentId, terminationUri: held.terminationSipURI };
      const after = { agentId, terminationUri: terminationUri || held.terminationSipURI };
      await change(run, `agent and termination URI of ${number}`, { kind: 'change', number, before, after }, () =>
        api.updatePhoneNumber(number, wish.change),
      );
    }
  }
}

async function undoImport(setup: SetupDeps, made: MadeThing): Promise<UndoAnswer> {
  const number = textOf(made, 'number');
  const held = await heldNumber(setup, number);
  if (!held) return { kind: 'gone' };
  const isOurs =
    held.inboundAgentId === textOf(made, 'agentId') && held.terminationSipURI === textOf(made, 'terminationUri');
  if (!isOurs) return { kind: 'changed', why: `${number} has another agent or termination URI now` };
  if (held.outboundAgentId !== '')
    return { kind: 'changed', why: `${number} is used for calls of SigmaMind's own now` };
  await setup.api.deletePhoneNumber(number).catch(hasNoWay);
  if (!(await heldNumber(setup, number))) return { kind: 'undone' };
  return { kind: 'by-hand', what: `dashboard → Deploy → Phone Numbers → ${number}: delete it` };
}

async function undoChange(setup: SetupDeps, made: MadeThing): Promise<UndoAnswer> {
  const number = textOf(made, 'number');
  const held = await heldNumber(setup, number);
  if (!held) return { kind: 'gone' };
  const [before, after] = [settingsIn(made, 'before'), settingsIn(made, 'after')];
  const isNow = (then: Settings) =>
    held.inboundAgentId === then.agentId && held.terminationSipURI === then.terminationUri;
  if (isNow(before)) return { kind: 'gone' };
  if (!isNow(after)) return { kind: 'changed', why: `${number} has another agent or termination URI now` };
  await setup.api.updatePhoneNumber(number, {
    ...(before.agentId !== after.agentId && { inboundAgentId: before.agentId || null }),
    ...(before.terminationUri !== after.terminationUri && { terminationSipURI: before.terminationUri }),
  });
  return { kind: 'undone' };
}

async function heldNumber(setup: SetupDeps, number: string): Promise<PhoneNumber | null> {
  const held = await lookAtSite(setup).phoneNumbers();
  return held.find(({ sipPhoneNumber }) => sipPhoneNumber === number) ?? null;
}

interface Settings {
  agentId: string;
  terminationUri: string;
}

function settingsIn({ undoData }: MadeThing, name: string): Settings {
  const value = undoData[name];
  const fields = value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
  const text = (key: string) => String((fields as Record<string, unknown>)[key] ?? '');
  return { agentId: text('agentId'), terminationUri: text('terminationUri') };
}
