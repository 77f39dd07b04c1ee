import type { Call } from '../../../domain/call.ts';
import { ConnectorError } from '../../../domain/errors.ts';
import { readWantedTime } from '../../../domain/wanted-time.ts';
import { localTime } from '../../../domain/zone-time.ts';
import { gatherCallPage } from '../../../flows/call-page.ts';
import { type Correction, correctOutcome, isConfirmed } from '../../../flows/correct-outcome.ts';
import { markOfCorrection, previewCorrection } from '../../../flows/preview-correction.ts';
import type { Action, ActionAnswer, ActionQuestion, Page, Question } from '../../page.ts';
import { callOf, fieldOf, noSuchCall } from './call-page.ts';
import { type CorrectView, correctView, type WrittenCorrection } from './correct-view.ts';
import { sightOf } from './sight.ts';

/** A form can be sent by hand: what is kept for good has its measure. */
const longestWhy = 1000;
const longestName = 60;

/** The form, as the call is now. */
export const correctPage: Page = {
  path: 'calls/:id/correct',
  least: 'operator',
  async render(question) {
    const call = await callOf(question);
    if (!call) return null;
    const known = await knownOf(question, call);
    return correctView({
      ...known,
      written: { outcome: '', date: '', time: '', zone: '', why: '', saidBy: '', ...planned(call, known) },
    });
  },
};

/** Shows what a correction would write. */
export const previewCorrect: Action = {
  path: 'calls/:id/correct',
  least: 'operator',
  async run(question) {
    const call = await callOf(question);
    return call ? preview(question, call) : noSuchCall;
  },
};

/** Corrects, when what would happen is still what was shown. */
export const confirmCorrect: Action = {
  path: 'calls/:id/correct/confirm',
  least: 'operator',
  async run(question) {
    const call = await callOf(question);
    if (!call) return noSuchCall;
    const { deps } = question;
    const path = `calls/${call.correlationId}`;
    const written = writtenIn(question);
    try {
      const correction = correctionOf(question, written);
      const mark = fieldOf(question, 'mark');
      if (mark !== (await markOfCorrection(deps, call, correction))) {
        // A double click is no change of the call.
        if (await isConfirmed(deps, call, mark)) return { kind: 'see', path, notice: 'It is corrected.' };
        return await preview(question, call, true);
      }
      const rows = await correctOutcome(deps, call, { ...correction, mark });
      const held = rows.filter(({ state }) => state === 'held').length;
      const waiting = rows.length - held;
      const parts = [
        waiting > 0 ? `${waiting} write-backs are on their way.` : 'Nothing is sent to a dialer.',
        ...(held > 0 ? [`${held} wait for the mapping of the outcome.`] : []),
      ];
      const tone = held > 0 ? 'warn' : 'good';
      return { kind: 'see', path, notice: `Corrected. ${parts.join(' ')}`, tone };
    } catch (error) {
      return refusal(question, call, written, error);
    }
  },
};

async function preview(question: ActionQuestion, call: Call, hasChanged = false): Promise<ActionAnswer> {
  const written = writtenIn(question);
  try {
    const shown = await previewCorrection(question.deps, call, correctionOf(question, written));
    const known = await knownOf(question, call);
    const view = correctView({ ...known, written, preview: shown, hasChanged });
    return { kind: 'show', view, status: hasChanged ? 409 : 200 };
  } catch (error) {
    return refusal(question, call, written, error);
  }
}

async function refusal(
  question: ActionQuestion,
  call: Call,
  written: WrittenCorrection,
  error: unknown,
): Promise<ActionAnswer> {
  if (!(error instanceof ConnectorError) || error.code !== 'bad_request') throw error;
  const known = await knownOf(question, call);
  const view = correctView({ ...known, written, error: { words: error.message, hint: error.hint } });
  return { kind: 'show', view, status: 400 };
}

async function knownOf(question: Question, call: Call): Promise<Omit<CorrectView, 'written'>> {
  const { deps } = question;
  const { customerZone } = await gatherCallPage(deps, call);
  const zones = [...new Set([customerZone, deps.console.timeZone])];
  return { call, sight: sightOf(question), outcomes: deps.settings.outcomeCodes, zones };
}

/** The callback that is arranged already, by the customer's clock. */
function planned({ outcome }: Call, { zones: [zone = 'UTC'] }: Pick<CorrectView, 'zones'>): Partial<WrittenCorrection> {
  if (!outcome?.callbackAt) return { zone };
  const { year, month, day, minute } = localTime(zone, Date.parse(outcome.callbackAt));
  const two = (number: number) => String(number).padStart(2, '0');
  return {
    zone,
    date: `${year}-${two(month)}-${two(day)}`,
    time: `${two(Math.floor(minute / 60))}:${two(minute % 60)}`,
  };
}

function writtenIn(question: ActionQuestion): WrittenCorrection {
  const of = (name: string) => fieldOf(question, name);
  return {
    outcome: of('outcome'),
    date: of('date'),
    time: of('time'),
    zone: of('zone'),
    why: of('why').slice(0, longestWhy),
    saidBy: of('said_by').slice(0, longestName),
  };
}

function correctionOf(
  { deps, user }: Question,
  { outcome, date, time, zone, why, saidBy }: WrittenCorrection,
): Correction {
  if (outcome === '') throw refused('no outcome was chosen', 'Choose what the call ended as.');
  if (why === '') throw refused('a correction needs a reason', 'Write down why: it is kept for good.');
  // The fields of a callback stay filled when another outcome is chosen: they say nothing then.
  const callbackAt = outcome === 'callback' ? instantIn(zone, `${date} ${time}`, deps.clock.now()) : undefined;
  if (outcome === 'callback' && !callbackAt) {
    throw refused('a callback needs a day and a time', 'Fill in both, and choose by whose clocks they are meant.');
  }
  return { outcome, why, by: user.name, ...(saidBy && { saidBy }), ...(callbackAt && { callbackAt }) };
}

/** Undefined for what is no time; which zone is meant was chosen from a list, but a form can be sent by hand. */
function instantIn(zone: string, words: string, now: number): string | undefined {
  try {
    const wanted = zone && readWantedTime(words, zone, now);
    return wanted && wanted.kind === 'time' ? new Date(wanted.at).toISOString() : undefined;
  } catch {
    throw refused('the time zone is none', 'Choose one from the list.');
  }
}

function refused(message: string, hint: string): ConnectorError {
  return new ConnectorError('bad_request', message, { hint });
}
