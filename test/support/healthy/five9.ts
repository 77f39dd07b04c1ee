import { five9 } from '../../../connectors/five9/index.ts';
import type { ConnectorDeps, Log } from '../../../src/domain/connector.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import { nobodysLease } from '../../../src/domain/lease.ts';
import { outcomeCodes } from '../../../src/domain/outcome-codes.ts';
import { type Five9Simulator, startFive9Simulator } from '../../simulators/five9/five9-simulator.ts';
import { seedScript } from '../../simulators/five9/ivr/seed-script.ts';
import type { SeedInput } from '../../simulators/five9/options.ts';
import { realClock } from '../real-clock.ts';

/** A Five9 domain on which everything is set up, and the configuration of the dialer that fits it. */
export interface HealthyFive9 {
  simulator: Five9Simulator;
  /** The dialer's section of the configuration, as plain data. */
  section: Five9Section;
  /** Numbers at the AI platform that its campaigns transfer to. */
  numbers: readonly string[];
  stop(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: configuration as it comes from a file, for tests to change in any place.
export type Five9Section = Record<string, any>;

const aiNumber = '+19895551235';
const apiUser = { user: 'patchbay@example.com', password: 'engine' };
const secondUser = { user: 'patchbay-2@example.com', password: 'engine' };

/** What an outcome becomes; those that reached nobody are tried again. */
function dispositionOf(outcome: string): string {
  if (outcome === 'opt_out') return 'AI - Do not call';
  if (outcome === 'callback') return 'AI - Callback';
  if (['voicemail', 'no_answer', 'busy', 'hung_up', 'failed', 'unknown'].includes(outcome)) return 'AI - No contact';
  return ['sale', 'wrong_number'].includes(outcome) ? `AI - ${outcome}` : 'AI - Talked';
}

const dispositions = Object.fromEntries(outcomeCodes.map((outcome) => [outcome, dispositionOf(outcome)]));

const campaign = {
  connection: 'pop',
  dispositions,
  fields: { ai_summary: 'summary' },
  screenPop: ['intent'],
  script: { transferTo: aiNumber, skill: 'Sales' },
};

/** Handoff B over a carrier, on an autodial campaign: what the first campaign does not use. */
const winter = { ...campaign, connection: 'carrier', script: { ...campaign.script, handoff: 'B' } };

/**
 * Starts a domain and sets it up as an admin does, by the connector's own commands.
 *
 * @param isWide with all that one campaign does not use: a second API user, an outbound campaign in place of the autodial
 * one, a second campaign (`Winter outbound`, autodial, by carrier, with handoff B) and a saved report
 */
export async function startHealthyFive9(given: {
  publicUrl: string;
  id?: string;
  isWide?: boolean;
}): Promise<HealthyFive9> {
  const { publicUrl, id = 'five9', isWide = false } = given;
  const users = isWide ? [apiUser, secondUser] : [apiUser];
  const simulator = await startFive9Simulator({
    clock: realClock,
    users: users.map(({ user, password }) => ({ name: user, password })),
    importDelayMs: 0,
    // A test runs the doctor more often than anybody.
    limits: { Query: plenty, ReportRequest: plenty },
    seed: domain(isWide),
  });
  const section: Five9Section = {
    type: 'five9',
    soap: { host: simulator.url, users, timeoutMs: 5000 },
    domainTimeZone: 'America/Los_Angeles',
    fields: {
      lastDisposition: 'last_disposition',
      lastDispositionAt: 'last_disposition_at',
      lastAgentDisposition: 'last_agent_disposition',
      lastAgentDispositionAt: 'last_agent_disposition_at',
      callbackMark: 'ai_callback_mark',
    },
    callbackList: 'AI callbacks',
    headers: [
      { name: 'X-correlation_id', from: 'correlation_id' },
      { name: 'X-lead_id', from: 'lead_id' },
      { name: 'X-first_name', from: 'first_name' },
    ],
    ivr: { authProfile: 'Patchbay', seedScript: 'Patchbay seed', callVariableGroup: 'SigmaMind' },
    campaigns: { 'Spring outbound': campaign, ...(isWide && { 'Winter outbound': winter }) },
    ...(isWide && { sync: { report: { folder: 'Patchbay', name: 'Leads' } } }),
  };
  const dialer = dialerFor(id, section, { publicUrl });
  try {
    await setUp(dialer);
  } finally {
    await dialer.close();
  }
  simulator.seed(bound(isWide));
  simulator.change(({ contacts, clock }) => {
    for (const contact of contacts.find([])) {
      contact.mapped.set('LastDispositionDateTime', contacts.timeText(clock.now() - 3_600_000));
    }
  });
  return { simulator, section, numbers: [aiNumber], stop: () => simulator.stop() };
}

const plenty = { minute: 100_000, hour: 100_000, day: 100_000 };

const names = [...new Set(Object.values(dispositions))];
const lists = ['Spring leads', 'AI callbacks'];
const stopped = { state: 'NOT_RUNNING' as const, lists };

function domain(isWide: boolean): SeedInput {
  const spring = { ...stopped, name: 'Spring outbound', type: isWide ? ('OUTBOUND' as const) : ('AUTODIAL' as const) };
  const others = isWide ? [{ ...stopped, name: 'Winter outbound', type: 'AUTODIAL' as const }] : [];
  return {
    campaigns: [spring, ...others],
    contacts: [
      { fields: { number1: '2125550101', first_name: 'Ada' }, lists: ['Spring leads'] },
      { fields: { number1: '2125550102', first_name: 'Grace' }, lists: ['Spring leads'] },
    ],
    scripts: [{ name: 'Patchbay seed', xmlDefinition: seedScript(names) }],
    skills: [{ id: 300_101, name: 'Sales' }],
    reports: [{ folder: 'Patchbay', name: 'Leads', kind: 'contacts' }],
  };
}

/** What no command does: an admin binds the scripts, and starts the campaigns. */
function bound(isWide: boolean): SeedInput {
  const running = { ...stopped, state: 'RUNNING' as const };
  const members = isWide ? { callAnalysisMode: 'FAX_AND_ANSWERING_MACHINE' } : { maxNumOfLines: 3 };
  const type = isWide ? ('OUTBOUND' as const) : ('AUTODIAL' as const);
  const others = [
    { ...running, name: 'Winter outbound', type: 'AUTODIAL' as const, script: 'Patchbay Winter outbound' },
    { name: 'Help line', type: 'INBOUND' as const, ani: '8885550177', script: 'Patchbay Winter outbound inbound' },
  ];
  const spring = { ...running, name: 'Spring outbound', type, script: 'Patchbay Spring outbound', members };
  return { campaigns: [spring, ...(isWide ? others : [])] };
}

async function setUp(dialer: Dialer): Promise<void> {
  const steps: [command: string, options: Record<string, unknown>][] = [
    ['fields', { apply: true }],
    ['keys', { apply: true }],
    ['dispositions', { apply: true }],
    ['call-variables', { apply: true }],
    ['script', { all: true, apply: true }],
  ];
  for (const [name, options] of steps) {
    const lines: string[] = [];
    const output = { write: (line: string) => void lines.push(line), isTerminal: false, isJson: false };
    const code = await dialer.commands?.find((one) => one.name === name)?.run([], options, output);
    if (code !== 0) throw new Error(`${name} was to set the domain up, and said:\n${lines.join('\n')}`);
  }
}

const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

/** An instance by itself, whose leases and cursors are in memory. */
export function dialerFor(
  id: string,
  section: Five9Section,
  more: { publicUrl: string; clockOffsetMs?: number; inboundCallUrls?: readonly string[] },
): Dialer {
  const { publicUrl, clockOffsetMs = 0, inboundCallUrls = [] } = more;
  const cursors = new Map<string, string>();
  let made = 0;
  const deps: Partial<ConnectorDeps> = {
    clock: { now: () => realClock.now() + clockOffsetMs, sleep: realClock.sleep },
    log,
    publicUrl,
    newId: () => {
      made += 1;
      return `id-${made}`;
    },
    random: () => 0,
    ignoresIdempotency: false,
    failAt: () => undefined,
    hashNumber: (number) => `hash of ${number.length} digits`,
    readCursor: async (name) => cursors.get(name) ?? '',
    writeCursor: async (name, value) => void cursors.set(name, value),
    withLease: (_name, work) => work(new AbortController().signal, nobodysLease),
    inboundCallUrls: () => inboundCallUrls,
    takenBackAt: () => null,
    isOptedOut: async () => false,
  };
  return five9.create(id, five9.config.parse(section), deps as ConnectorDeps);
}
