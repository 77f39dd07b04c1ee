import { expect, it } from 'vitest';
import type { Dialer } from '../../../../src/domain/dialer.ts';
import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { Platform } from '../../../../src/domain/platform.ts';
import type { SetupStep } from '../../../../src/domain/setup.ts';
import type { AiRoute, DialerView, PlatformView } from '../../../../src/domain/site-view.ts';
import { readSite, type SitePicture } from '../../../../src/flows/setup/read-site.ts';
import { gatherRunbook, runbookMarkdown } from '../../../../src/flows/setup/write-runbook.ts';

const step: SetupStep = {
  id: 'bell',
  title: 'Hang the bell',
  kind: 'generated',
  phase: 'dialer',
  checks: [],
  describe: () => 'Hang it.',
};
const nothing: SitePicture = { instances: [['Id']], ways: [['Dialer']], gaps: [] };
const spring: AiRoute = {
  campaign: 'SPRING',
  where: 'remote agent 5565 | line 1',
  number: '+19895551234',
  sipHost: '',
  transport: 'udp',
  headers: [],
  lines: 3,
  isActive: true,
};
const platformView: PlatformView = {
  agents: [{ agentId: 'a1', name: 'Ada', isPublished: true, variables: [], outcomes: null }],
  numbers: [{ number: '+19895551234', isActive: true, agentId: 'a1', terminationUri: '' }],
  concurrency: null,
  sipHost: '',
};

it('shows from which campaign a call reaches which agent, and campaigns without a way', async () => {
  const site = {
    dialers: [dialer('bell', async () => ({ routes: [spring] }))],
    platforms: [platform('polly', async () => platformView)],
  };

  const picture = await readSite(site, 5000);
  const text = runbookMarkdown(await gatherRunbook({ ...input([]), picture }));

  expect(picture.ways.slice(1)).toEqual([
    ['bell', 'SPRING', 'remote agent 5565 | line 1', '+19895551234', 'Ada (polly)', '3'],
    ['bell', 'AUTUMN', 'no way yet', '', '', ''],
  ]);
  expect(text).toContain('| bell | SPRING | remote agent 5565 \\| line 1 | +19895551234 | Ada (polly) | 3 |');
});

it('names the systems that could not be looked at, and waits for none of them for long', async () => {
  const away = new ConnectorError('dialer_away', 'the bell is silent', { hint: 'Wind it up.' });
  const site = {
    dialers: [dialer('bell', () => Promise.reject(away))],
    platforms: [platform('polly', () => new Promise<PlatformView>(() => undefined))],
  };

  const { gaps } = await readSite(site, 50);

  expect(gaps).toEqual([
    'bell could not be looked at: the bell is silent. Wind it up.',
    'polly could not be looked at: no answer within 0.05 s',
  ]);
});

it('keeps a step whose text can not be made now, with the reason', async () => {
  const failing = { ...step, describe: () => Promise.reject(new Error('the bell is silent')) };

  const text = runbookMarkdown(await gatherRunbook(input([failing])));

  expect(text).toContain(
    '### 1. Hang the bell\n\n`bell` · made for you to paste\n\nThis could not be written now: the bell',
  );
});

it('puts the place of a secret where a step lets its value slip', async () => {
  const slipping = { ...step, describe: () => 'Paste swordfish-2 and swordfish.' };
  const places = new Map([
    ['swordfish', 'BELL_KEY'],
    ['swordfish-2', 'BELL_KEY_2'],
  ]);

  const text = runbookMarkdown(await gatherRunbook({ ...input([slipping]), places }));

  expect(text).toContain('Paste BELL_KEY_2 and BELL_KEY.');
});

function input(setupSteps: readonly SetupStep[]) {
  return {
    instances: [{ id: 'bell', type: 'bell', kind: 'dialer' as const, setupSteps }],
    picture: nothing,
    configFile: 'site.yaml',
    secretsFile: 'site.secrets.env',
    places: new Map<string, string>(),
  };
}

function dialer(id: string, read: () => Promise<DialerView>): Dialer {
  const campaigns = { SPRING: {}, AUTUMN: {}, '*': {} };
  return { id, type: 'bell', settings: { campaigns }, view: () => ({ needs: [], read }) } as unknown as Dialer;
}

function platform(id: string, read: () => Promise<PlatformView>): Platform {
  return { id, type: 'parrot', view: () => ({ needs: [], read }) } as unknown as Platform;
}
