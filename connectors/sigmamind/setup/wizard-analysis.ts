import type { Asker } from '../../../src/domain/setup.ts';

/** The usual field that tells the outcome, and what its values mean; a site adds its own. */
const usual = {
  outcomeFrom: 'call outcome',
  outcomes: {
    Qualified: 'qualified',
    'Not Qualified': 'not_qualified',
    Callback: 'callback',
    'Not Interested': 'not_interested',
    'Wrong Number': 'wrong_number',
    'Do Not Call': 'opt_out',
    Voicemail: 'voicemail',
  },
};

/** Null where the present section says already how the analysis is read, or it shall not be. */
export async function askAnalysis(
  ask: Asker,
  id: string,
  present: Readonly<Record<string, unknown>>,
): Promise<typeof usual | null> {
  if (present.analysis !== undefined) return null;
  const isWanted = await ask.confirm({
    key: `${id}.analysis`,
    message: 'Shall the analysis after the call tell the outcome where the agent did not commit one?',
    byDefault: true,
  });
  return isWanted ? usual : null;
}
