import { toE164 } from '../../../connectors/shared/phone.ts';
import { instantOf } from '../../../src/domain/clock.ts';
import type { Check, CheckResult, ConnectorDeps } from '../../../src/domain/connector.ts';
import { messageOf } from '../../../src/domain/errors.ts';
import type { GuideEntry } from '../../../src/domain/guide.ts';
import type { SetupStep, SetupWizard } from '../../../src/domain/setup.ts';
import type { DialerView, ViewReader } from '../../../src/domain/site-view.ts';
import type { SoftphoneAccount, TestCallState, TestCalls } from '../../../src/domain/test-call.ts';
import { type Ask, createClient } from './made-up-client.ts';
import type { MadeUpDial, MadeUpField, MadeUpWay } from './made-up-server.ts';

const ourField = 'patchbay_key';

/** One check that finds out whether the dialer is there, and others that need it: what they read, one run reads once. */
export function madeUpChecks(ask: Ask): Check[] {
  let reading: Promise<MadeUpField[]> | undefined;
  const fields = () => {
    reading ??= ask('/fields') as Promise<MadeUpField[]>;
    return reading;
  };
  return [
    {
      id: 'reachable',
      title: 'The made-up dialer answers',
      looksAt: 'GET /records',
      run: () =>
        told(async () => {
          await ask('/records?after=');
          return { status: 'ok', found: 'it answered' };
        }, 'fail'),
    },
    {
      id: 'fields.known',
      title: 'The field of ours is there',
      looksAt: 'GET /fields',
      needs: ['reachable'],
      run: () =>
        told(async () => {
          if ((await fields()).some(({ name }) => name === ourField)) return { status: 'ok', found: ourField };
          return {
            status: 'fail',
            found: `no field ${ourField}`,
            why: 'No lead is found.',
            fix: `Admin → Fields → Add ${ourField}`,
          };
        }),
    },
    {
      id: 'fields.few',
      title: 'It has no more fields than it can show',
      looksAt: 'GET /fields',
      needs: ['reachable'],
      run: () =>
        told(async () => {
          const count = (await fields()).length;
          if (count <= 3) return { status: 'ok', found: `${count} field(s)` };
          return { status: 'warn', found: `${count} fields`, why: 'It shows three.', fix: 'Admin → Fields → Remove' };
        }),
    },
  ];
}

async function told(look: () => Promise<CheckResult>, ifAway: 'fail' | 'unknown' = 'unknown'): Promise<CheckResult> {
  try {
    return await look();
  } catch (error) {
    return { status: ifAway, found: messageOf(error), why: 'Nothing can be written.', fix: 'Start it.' };
  }
}

/** What it holds of the way to the AI. */
export function madeUpView(ask: Ask): ViewReader<DialerView> {
  return {
    needs: ['reachable'],
    read: async () => ({ routes: (await ask('/ways')) as MadeUpWay[] }),
  };
}

/** Has a number called, and says how far it is. */
export function madeUpTestCalls(ask: Ask, country: string, deps: ConnectorDeps): TestCalls {
  return {
    async campaigns() {
      return ((await ask('/ways')) as MadeUpWay[]).map(({ campaign }) => campaign);
    },
    async begin({ campaign, phone }) {
      const { key } = (await ask('/dial', { campaign, number: phone })) as { key: string };
      return { campaign, phone: toE164(phone, country), leadKey: key, begunAt: instantOf(deps.clock) };
    },
    async look({ leadKey }): Promise<TestCallState> {
      const dial = (await ask(`/dial?key=${leadKey}`)) as MadeUpDial | null;
      if (!dial) return { stage: 'waiting', why: 'it has no such record', fix: 'Begin again.' };
      return { stage: dial.stage, why: `it says ${dial.stage}`, ...(dial.status && { disposition: dial.status }) };
    },
    async end({ leadKey }) {
      await ask('/undial', { key: leadKey });
    },
  };
}

export function madeUpSoftphone(campaign: string): SoftphoneAccount {
  return {
    server: 'sip.made-up.test',
    user: 'phone1',
    passwordFrom: 'Admin → Phones',
    dial: campaign,
    notes: ['Ring it.'],
  };
}

/** One step by hand, and one over the API that can be taken back. */
export function madeUpSteps(ask: Ask): SetupStep[] {
  const held = async () => ((await ask('/fields')) as MadeUpField[]).find(({ name }) => name === ourField);
  return [
    {
      id: 'paper',
      title: 'Sign the contract',
      kind: 'manual',
      phase: 'access',
      checks: [],
      describe: () => 'Sign it.',
    },
    {
      id: 'field',
      title: 'Make the field',
      kind: 'api',
      phase: 'dialer',
      checks: ['fields.known'],
      describe: () => `Admin → Fields → Add \`${ourField}\`.`,
      async plan() {
        const state = (await held()) ? 'there' : 'missing';
        return [{ what: `field ${ourField}`, state, detail: 'a text field' }];
      },
      async apply(run) {
        if (await held()) return;
        const beginning = await run.begin(`field ${ourField}`, { name: ourField });
        await ask('/fields', { name: ourField, note: 'made by Patchbay' });
        await beginning.made();
      },
      async undo({ undoData }) {
        const field = await held();
        if (!field) return { kind: 'gone' };
        if (field.note !== 'made by Patchbay') return { kind: 'changed', why: 'its note was changed' };
        await ask('/remove-field', { name: String(undoData.name) });
        return { kind: 'undone' };
      },
    },
  ];
}

/** Asks for the address, and reads the rest. */
export const madeUpWizard: SetupWizard<ConnectorDeps> = async (ask, { id, numbers }) => {
  const url = await ask.text({ key: `${id}.url`, message: 'Where is it?', byDefault: 'http://127.0.0.1:9' });
  const [first] = numbers;
  const fields = ask.isRehearsal ? [] : ((await createClient(url)('/fields')) as MadeUpField[]);
  ask.say(`It has ${fields.length} field(s).`);
  return { section: { type: 'made-up', url, ...(first && { handsTo: { Autumn: first.number } }) } };
};

export const madeUpGuide: readonly GuideEntry[] = [
  { guide: 'How to ride the carousel', kind: 'prerequisite', title: 'A contract', checks: [], steps: ['paper'] },
  {
    guide: 'How to ride the carousel',
    kind: 'step',
    title: 'Add the field',
    checks: ['fields.known'],
    steps: ['field'],
    commands: ['npx patchbay <id> greet'],
    correction: 'The guide calls it a column.',
  },
  {
    guide: 'How to ride the carousel',
    kind: 'trouble',
    title: 'Nobody answers',
    checks: ['reachable', 'dialer:fields.known', 'platform:reachable', 'patchbay:number.registered'],
    correction: 'The guide forgets the field.',
  },
];
