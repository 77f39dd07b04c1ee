import type { Control } from '../../../domain/controls.ts';
import type { Html } from '../../html.ts';
import type { Action, Question } from '../../page.ts';

/** One part of the page of controls, in a file of its own: `controls-room.ts` lists them. */
export interface ControlSection {
  /** Its own on the page; in an address too. */
  id: string;
  title: string;
  /** What is set, kept up to date while somebody looks. For every role: what an operator does is in `form`. */
  state(question: Question, controls: readonly Control[]): Promise<Html>;
  /** What an operator may do; it stays as it is while somebody types. */
  form?(question: Question): Html;
  actions?: readonly Action[];
}
