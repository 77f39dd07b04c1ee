import { ConnectorError } from '../../../src/domain/errors.ts';
import type { UsableAnswer, VicidialApi } from '../api/api.ts';
import { findLine, updatedRows } from '../api/api-answer.ts';

/** The API for the write-backs of one row, and whether anything that went by it may have changed something. */
export interface WatchedApi {
  api: VicidialApi;
  mayHaveChanged(): boolean;
}

/** Look-ups go another way, so that what goes by here is meant to change something. */
export function watchChanges(api: VicidialApi): WatchedApi {
  let isChanged = false;
  return {
    api: {
      ...api,
      async call(functionName, parameters, signal) {
        try {
          const answer = await api.call(functionName, parameters, signal);
          isChanged ||= !isRefusal(answer);
          return answer;
        } catch (thrown) {
          // What was held back, or found no server, was not sent.
          isChanged ||= !(thrown instanceof ConnectorError) || thrown.inDoubt;
          throw thrown;
        }
      },
    },
    mayHaveChanged: () => isChanged,
  };
}

function isRefusal(answer: UsableAnswer): boolean {
  if (answer.kind !== 'lines') return answer.kind === 'noFunction';
  // Custom fields are told in a notice of their own.
  const isFailed = updatedRows(answer) === -1 && findLine(answer, 'notice') === undefined;
  return isFailed || answer.lines.every(({ kind }) => kind === 'error');
}
