import type { Contributions } from '../../domain/connector.ts';
import { type SetupStep, setupPhases } from '../../domain/setup.ts';

export type OwnerKind = 'patchbay' | 'platform' | 'dialer';

/** An instance as set-up sees it. */
export type SetupInstance = Pick<Contributions, 'id' | 'type' | 'setupSteps'> & { kind: OwnerKind };

export interface NamedStep {
  owner: string;
  kind: OwnerKind;
  step: SetupStep;
}

const kindOrder: readonly OwnerKind[] = ['patchbay', 'platform', 'dialer'];

/** The steps of all instances as they are done: by phase, and in each platforms before dialers, which name their numbers. */
export function stepsInOrder(instances: readonly SetupInstance[]): NamedStep[] {
  const named = instances.flatMap(({ id, kind, setupSteps }) =>
    (setupSteps ?? []).map((step) => ({ owner: id, kind, step })),
  );
  // A sort keeps the order of equals: the connector's own, and that of the configuration.
  return named.sort((a, b) => {
    const phases = setupPhases.indexOf(a.step.phase) - setupPhases.indexOf(b.step.phase);
    return phases || rank(a) - rank(b);
  });
}

/** In the last two phases Patchbay's own steps come when the instances are through. */
function rank({ kind, step }: NamedStep): number {
  const isLate = step.phase === 'campaign' || step.phase === 'production';
  return kind === 'patchbay' && isLate ? kindOrder.length : kindOrder.indexOf(kind);
}

/** The checks of a step by their global names. `platform:` and `dialer:` stand for every configured one. */
export function checkNames({ owner, step }: NamedStep, instances: readonly SetupInstance[]): string[] {
  const names = step.checks.flatMap((check) => {
    const [first = '', ...rest] = check.split(':');
    if (rest.length === 0) return `${owner}:${check}`;
    if (first !== 'platform' && first !== 'dialer') return check;
    return instances.filter(({ kind }) => kind === first).map(({ id }) => `${id}:${rest.join(':')}`);
  });
  return [...new Set(names)];
}
