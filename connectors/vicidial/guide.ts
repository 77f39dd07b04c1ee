import type { GuideEntry } from '../../src/domain/guide.ts';
import { advice } from './guide/advice.ts';
import { before } from './guide/before.ts';
import { running } from './guide/running.ts';
import { setUp } from './guide/set-up.ts';
import { troubles } from './guide/troubles.ts';

/** SigmaMind's guide for VICIdial from top to bottom: what serves each entry, and what is right where the guide is not. */
export const guide: readonly GuideEntry[] = [...before, ...setUp, ...running, ...troubles, ...advice];
