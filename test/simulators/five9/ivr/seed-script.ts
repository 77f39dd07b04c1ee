import { assumedElements } from './modules/third-party-transfer.ts';
import { hangUp, module, query, script, skillTransfer, start, text } from './write-script.ts';

/**
 * A script as an admin would make it by hand in Five9's editor, so that ids and blocks can be learned from it: one
 * Hang-up per disposition, a Query, a 3rd Party Transfer with both KVLists, a Skill Transfer, a Set DNC.
 */
export function seedScript(dispositions: readonly string[], skill = 'Sales'): string {
  const transfer = {
    dispo: { id: -23, name: 'Transferred To 3rd Party' },
    thirdPartyNumber: text('+12125550100'),
    isRecordingEnabled: false,
    returnAfter3rdParty: true,
    send3rdParty: true,
    [assumedElements.send]: 'to_ai',
    receive3rdParty: true,
    [assumedElements.receive]: 'from_ai',
    maxTimeOf3rdParty: 300,
    ringingTimeout: 10,
  };
  return script(
    [
      start('Ask'),
      query('Ask', { url: 'https://patchbay.example.com', rules: [] }, { next: 'Transfer', onError: skill }),
      module('thirdPartyTransfer', 'Transfer', transfer, { next: 'Do not call' }),
      module(
        'setDNC',
        'Do not call',
        { numberToAdd: { isVarSelected: true, variableName: 'Call.number' } },
        { next: skill },
      ),
      skillTransfer(skill, 'End 0', skill),
      ...dispositions.map((name, index) => hangUp(`End ${index}`, 1001 + index, name, true)),
    ],
    { to_ai: [], from_ai: [] },
  );
}
