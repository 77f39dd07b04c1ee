import { type ExportWish, makeExport } from '../../../flows/make-export.ts';
import type { Download, Question } from '../../page.ts';
import { periodOf } from './period.ts';

/** The scorecard, and the calls that it counts, to take away. */
export const scorecardDownloads: readonly Download[] = (['csv', 'json'] as const).flatMap((format): Download[] => [
  { path: `scorecard.${format}`, least: 'viewer', send: (question) => send(question, { what: 'scorecard', format }) },
  { path: `calls.${format}`, least: 'operator', send: (question) => send(question, { what: 'calls', format }) },
]);

async function send(question: Question, wish: Pick<ExportWish, 'what' | 'format'>): ReturnType<Download['send']> {
  const { deps, user, query, now } = question;
  const { span, fault } = periodOf(question);
  const wantsNumbers = wish.what === 'calls' && query.numbers === 'whole';
  // Nobody shall take another file for the one that was asked for.
  if (fault || (wantsNumbers && user.role !== 'admin')) return null;
  if (wantsNumbers) {
    await deps.store.appendAudit({
      at: now,
      by: user.name,
      act: 'numbers-exported',
      subject: 'calls',
      details: { firstDay: span.firstDay, lastDay: span.lastDay, format: wish.format },
    });
  }
  return makeExport(deps, { ...wish, span, showsNumbers: wantsNumbers });
}
