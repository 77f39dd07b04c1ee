import { element, type XmlNode } from '../xml.ts';
import { choice, dispo, noPrompt, systemDispositions } from './modules.ts';
import { operand } from './operands.ts';

export interface TransferRequest {
  to: string;
  returns: boolean;
  sends: boolean;
  receives: boolean;
  maxSec: number;
}

/** How long the AI's number may ring, in seconds. */
const ringSec = 20;

/**
 * Content of a 3rd Party Transfer. Which element names the KVLists is not known: a seed's block has them.
 *
 * @param block content of the seed's module, whose further elements stay as they are
 */
export function transferData(request: TransferRequest, block: readonly XmlNode[] = plainTransfer()): XmlNode[] {
  const own = new Map(
    [
      element('thirdPartyNumber', operand({ text: request.to })),
      element('returnAfter3rdParty', request.returns),
      element('send3rdParty', request.sends),
      element('receive3rdParty', request.receives),
      element('maxTimeOf3rdParty', request.maxSec),
    ].map((node) => [node.name, node]),
  );
  return block.map((node) => own.get(node.name) ?? node);
}

function plainTransfer(): XmlNode[] {
  return [
    noPrompt('prompt'),
    dispo(systemDispositions.thirdParty.id, systemDispositions.thirdParty.name),
    element('thirdPartyNumber'),
    element('isRecordingEnabled', false),
    element('returnAfter3rdParty'),
    element('send3rdParty'),
    element('receive3rdParty'),
    element('maxTimeOf3rdParty'),
    element('digitToInterrupt3rdParty'),
    element('ringingTimeout', ringSec),
  ];
}

/**
 * Content of a Skill Transfer.
 *
 * @param block content of the seed's module: its queue times, music and announcements are taken as they are
 */
export function skillData(skill: { id: string; name: string }, block: readonly XmlNode[] = plainSkill()): XmlNode[] {
  const place = block.findIndex(({ name }) => name === 'listOfSkillsEx');
  return block
    .filter(({ name }, index) => name !== 'listOfSkillsEx' || index === place)
    .map((node, index) => (index === place ? choice(node.name, skill.id, skill.name) : node));
}

const queueSec = 600;

/** The block as the editor makes it, with nothing changed: it waits in the queue with music and leaves no voicemail. */
function plainSkill(): XmlNode[] {
  const { abandon } = systemDispositions;
  return [
    dispo(abandon.id, abandon.name),
    element('maxQueueTime', queueSec),
    element('queueIfOnCall', true),
    element('onCallQueueTime', queueSec),
    element('queueIfOnBreakOrLoggedOut', false),
    element('onBreakOrLoggedOutQueueTime', queueSec),
    element('onQueueTimeoutExpiration', false),
    element('pauseBeforeTransfer', 0),
    element('maxRingTime', 15),
    element('placeOnBreakIfNoAnswer', true),
    element('vmTransferOnQueueTimeout', false),
    element('vmTransferOnDigit', false),
    element('vmBoxType', 'SKILL'),
    element('clearDigitBuffer', true),
    element('enableMusicOnHold', true),
    ...Array.from({ length: 5 }, () => noAnnouncement()),
    element('priorityChangeType', 'INCREASE'),
    element('priorityChangeValue', operand({ integer: 10 })),
    element('listOfSkillsEx'),
    element('taskType', 0),
    element('transferAlgorithm', [
      element('algorithmType', 'LongestReadyTime'),
      element('statAlgorithmTimeWindow', 'E15minutes'),
    ]),
    element('recordedFilesAction', 'KEEP_AS_RECORDINGD'),
    element('callbackNumberFromCav', [element('id', 63), element('name', 'number')]),
    ...systemPrompts.map(([tag, id, name]) => element(tag, [element('id', id), element('name', name)])),
    element('callbackQueueTimeoutSec', 18_000),
    element('callbackEnterDigitsMaxTimeSec', 5),
    element('callbackAllowInternational', false),
    element('isTcpaConsentEnabled', false),
    element('ignoreSkillsOrder', false),
    element('recordCallerNameOnQueueCallback', false),
  ];
}

function noAnnouncement(): XmlNode {
  return element('announcements', [
    element('enabled', false),
    element('loopped', false),
    element('timeout', 1),
    element('prompt'),
    element('annType', 'EWT'),
  ]);
}

/** Prompts that Five9 brings itself; the block names them even while queue callbacks are off. */
const systemPrompts = [
  ['callbackPhoneNumberPrompt', -26, 'QC1YourPhoneNumberIs'],
  ['callbackConfirmingPhoneNumberPrompt', -27, 'QC2PressOneIfCorrect'],
  ['callbackEnteringPhoneNumberPrompt', -28, 'QC3PleaseEnterYourPhoneNumber'],
  ['callbackRecordingCallerNamePrompt', -36, 'QC5PleaseClearlySayYourName'],
  ['callbackConfirmationPrompt', -29, 'QC4YouWillBeCalled'],
] as const;
