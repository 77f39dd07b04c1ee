import { expect, it } from 'vitest';
import type { SetupPhase, SetupStep } from '../../../../src/domain/setup.ts';
import {
  checkNames,
  type OwnerKind,
  type SetupInstance,
  stepsInOrder,
} from '../../../../src/flows/setup/named-steps.ts';

it('goes by phases; in each Patchbay is first, at the end last, and platforms come before dialers', () => {
  const phases: SetupPhase[] = ['campaign', 'access'];
  const instances = [
    instance('bell', 'dialer', phases),
    instance('polly', 'platform', phases),
    instance('patchbay', 'patchbay', phases),
  ];

  const order = stepsInOrder(instances).map(({ owner, step }) => `${step.phase} ${owner}`);

  expect(order).toEqual([
    'access patchbay',
    'access polly',
    'access bell',
    'campaign polly',
    'campaign bell',
    'campaign patchbay',
  ]);
});

it('names checks in full, of every platform and dialer where all are meant', () => {
  const instances = [
    instance('bell', 'dialer', ['access']),
    instance('gong', 'dialer', []),
    instance('polly', 'platform', []),
  ];
  const [named] = stepsInOrder(instances);

  expect(named && checkNames(named, instances)).toEqual([
    'bell:own',
    'bell:all',
    'gong:all',
    'polly:all',
    'patchbay:ours',
  ]);
});

function instance(id: string, kind: OwnerKind, phases: readonly SetupPhase[]): SetupInstance {
  const checks = ['own', 'dialer:all', 'platform:all', 'patchbay:ours', 'own'];
  const step = (phase: SetupPhase): SetupStep => ({
    id: phase,
    title: phase,
    kind: 'manual',
    phase,
    checks,
    describe: () => '',
  });
  return { id, type: id, kind, setupSteps: phases.map(step) };
}
