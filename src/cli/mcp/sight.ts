import { maskedKey, maskedPhone } from '../../console/components/phone.ts';
import { maskNumbers } from '../../console/mask-numbers.ts';
import type { CallDescription } from '../../domain/connector.ts';
import { ourInstance } from '../../domain/connector.ts';
import type { FactBody } from '../../domain/fact.ts';

/** What an assistant is told of people: what it is told, its maker's machines read. */
export interface Sight {
  /** Names, summaries and fields of customers, and names of staff (`mcp.personalData`). Numbers are masked in any case. */
  showsWords: boolean;
}

/** So much of one text says enough. */
const mostCharacters = 600;

/** A number of which only the last four digits can be read. */
export function numberFor(phone: string): string {
  return maskedPhone(phone);
}

/** A lead's key; masked where it is a number. */
export function keyFor(key: string, ...phones: readonly string[]): string {
  return toldFor(maskedKey(key, ...phones));
}

/** What a system of ours or a dialer said: without numbers, and no longer than it needs to be. */
export function toldFor(text: string): string {
  const clean = maskNumbers(text);
  return clean.length > mostCharacters ? `${clean.slice(0, mostCharacters).toWellFormed()} …` : clean;
}

/** What is of a person, or was said by one; empty where it is not shown. */
export function wordsFor({ showsWords }: Sight, text: string): string {
  return showsWords ? toldFor(text) : '';
}

/** Who did something: without their name, by which door they came. */
export function actorFor({ showsWords }: Sight, by: string): string {
  if (by === '') return '';
  if (showsWords || doors.includes(by)) return toldFor(by);
  const door = /^(cli|mcp|api):/.exec(by)?.[1];
  return door ? `somebody, by ${door}` : 'somebody';
}

const doors = [ourInstance, 'autopilot', 'schedule'];

/** Who told something: an instance of ours, or a person. */
export function sourceFor({ showsWords }: Sight, source: string): string {
  return !showsWords && source.startsWith('operator:') ? 'operator' : toldFor(source);
}

/** A call without the names and words of staff, where they are not shown: headlines are made of them. */
export function callFor(sight: Sight, described: CallDescription): CallDescription {
  if (sight.showsWords) return described;
  return {
    ...described,
    facts: described.facts.map((fact) => ({
      ...fact,
      source: sourceFor(sight, fact.source),
      body: withoutStaff(fact.body),
    })),
    writeBacks: described.writeBacks.map((row) => (row.cancelledBy ? { ...row, why: 'a person took it back' } : row)),
  };
}

function withoutStaff(body: FactBody): FactBody {
  switch (body.kind) {
    case 'registered':
      return { ...body, leg: { ...body.leg, agent: '' } };
    case 'dispositioned':
      return { ...body, by: 'an agent' };
    case 'corrected':
    case 'opt-out-undone':
    case 'erased':
    case 'released':
      return { ...body, by: 'an operator' };
    case 'noted':
      // Its name is the platform's, and may be made of anything.
      return isCode(body.event) ? body : { ...body, event: 'an event' };
    default:
      return body;
  }
}

function isCode(event: string): boolean {
  return /^[a-z][a-z_.-]{0,40}$/.test(event);
}
