import { flag, int, many, node, oneOf, required, type Shape, text } from './shapes.ts';

const timer = (name: string) =>
  node(name, ...['days', 'hours', 'minutes', 'seconds'].map((part) => required(int(part))));
/** A decimal number, whose form nobody here looks at. */
const decimal = (name: string) => text(name);

const dialingAction = (name: string) =>
  node(
    name,
    text('actionArgument'),
    oneOf('actionType', 'DROP_CALL', 'PLAY_PROMPT', 'START_IVR_SCRIPT'),
    timer('maxWaitTime'),
  );

const ivrSchedule = (name: string) =>
  node(name, text('name'), text('scriptName'), many(node('scriptParameters', text('name'), text('value'))));

const identity = [
  text('description'),
  oneOf('mode', 'BASIC', 'ADVANCED'),
  required(text('name')),
  text('profileName'),
  oneOf('state', 'NOT_RUNNING', 'STARTING', 'RUNNING', 'STOPPING', 'RESETTING'),
  flag('trainingMode'),
  oneOf('type', 'INBOUND', 'OUTBOUND', 'AUTODIAL'),
];

const general = [
  ...identity,
  flag('autoRecord'),
  node(
    'callWrapup',
    flag('agentNotReady'),
    text('dispostionName'),
    flag('enabled'),
    text('reasonCodeName'),
    timer('timeout'),
  ),
  text('ftpHost'),
  text('ftpPassword'),
  text('ftpUser'),
  flag('recordingNameAsSid'),
  flag('useFtp'),
];

const dialled = [
  ...general,
  int('analyzeLevel'),
  timer('CRMRedialTimeout'),
  flag('dnisAsAni'),
  flag('enableListDialingRatios'),
  text('listDialingMode'),
  flag('noOutOfNumbersAlert'),
  text('stateDialingRule'),
  text('timeZoneAssignment'),
];

const visualMode = node(
  'visualModeSettings',
  flag('callbackEnabled'),
  flag('chatEnabled'),
  text('cssTheme'),
  flag('emailEnabled'),
  flag('sentimentFeedbackEnabled'),
  flag('videoEnabled'),
  flag('visualModeEnabled'),
  text('xFrameOption'),
  text('xFrameOptionUrl'),
  flag('xFrameOptionsEnabled'),
);

/** The members of each kind of campaign, in the order of the service's own schema. */
export const campaignMembers = {
  INBOUND: [...general, node('defaultIvrSchedule', ivrSchedule('ivrSchedule'), visualMode), int('maxNumOfLines')],
  AUTODIAL: [
    ...dialled,
    text('agentAvailability'),
    text('agentSkillName'),
    ivrSchedule('defaultIvrSchedule'),
    flag('dialIfAgentsAvailable'),
    int('maxNumOfLines'),
  ],
  OUTBOUND: [
    ...dialled,
    dialingAction('actionOnAnswerMachine'),
    dialingAction('actionOnQueueExpiration'),
    oneOf('callAnalysisMode', 'NO_ANALYSIS', 'FAX_ONLY', 'FAX_AND_ANSWERING_MACHINE'),
    decimal('callsAgentRatio'),
    flag('dialNumberOnTimeout'),
    oneOf('dialingMode', 'PREDICTIVE', 'PROGRESSIVE', 'PREVIEW', 'POWER'),
    int('dialingPriority'),
    int('dialingRatio'),
    text('distributionAlgorithm'),
    text('distributionTimeFrame'),
    flag('limitPreviewTime'),
    decimal('maxDroppedCallsPercentage'),
    timer('maxPreviewTime'),
    timer('maxQueueTime'),
    flag('monitorDroppedCalls'),
    flag('previewDialImmediately'),
    flag('useTelemarketingMaxQueTimeEq1'),
  ],
} as const satisfies Readonly<Record<string, readonly Shape[]>>;

/** What no modification changes here. */
export const identityMembers: ReadonlySet<string> = new Set(['mode', 'name', 'state', 'trainingMode', 'type']);
