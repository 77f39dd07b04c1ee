import type { GuideEntry } from '../../src/domain/guide.ts';
import { advice } from './guide/advice.ts';
import { before } from './guide/before.ts';
import { reference } from './guide/reference.ts';
import { steps } from './guide/steps.ts';
import { troubles } from './guide/troubles.ts';

/** SigmaMind's guide for Five9 from top to bottom: what serves each entry, and what is right where the guide is not. */
export const guide: readonly GuideEntry[] = [...before, ...steps, ...troubles, ...advice, ...reference];
