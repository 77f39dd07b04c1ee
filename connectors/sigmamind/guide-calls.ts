import type { GuideEntry } from '../../src/domain/guide.ts';

const calls = 'Make Calls';

/** What serves each entry of the guide to calls that SigmaMind places itself. */
export const callsGuide: readonly GuideEntry[] = [
  {
    guide: calls,
    kind: 'prerequisite',
    title: 'A configured agent',
    checks: ['agents.known', 'agents.published', 'prompt.correlation-id'],
    steps: ['agent', 'prompt', 'publish'],
  },
  {
    guide: calls,
    kind: 'prerequisite',
    title: 'A phone number provisioned or imported on your account',
    checks: ['dialling.ready', 'number.registered'],
    steps: ['number'],
  },
  {
    guide: calls,
    kind: 'prerequisite',
    title: 'Your SigmaMind API key (X-API-Key)',
    checks: ['api.key'],
    steps: ['api-key'],
  },
  {
    guide: calls,
    kind: 'step',
    title: 'Step 1: Get a Phone Number, via the Dashboard',
    checks: ['number.registered', 'number.termination-uri', 'number.agent', 'dialling.ready'],
    steps: ['number', 'inbound-webhook-url'],
    correction:
      'Set-up imports numbers of your own trunk; it buys none. The inbound webhook URL has no field in the API.',
  },
  {
    guide: calls,
    kind: 'step',
    title: 'Step 1: Get a Phone Number, via the API',
    checks: ['api.key', 'number.registered'],
    steps: ['number'],
  },
  {
    guide: calls,
    kind: 'step',
    title: 'Step 2: Create an Outbound Call, via the Dashboard',
    checks: ['dialling.ready', 'number.agent'],
    commands: ['npx patchbay <id> call <dialer> <lead> --dry-run'],
    correction:
      'The outbound agent of a number is another setting than the inbound one. The button asks nobody: neither calling hours nor DNC lists stand before it.',
  },
  {
    guide: calls,
    kind: 'step',
    title: 'Step 2: Create an Outbound Call, via the API',
    checks: ['dialling.ready'],
    commands: ['npx patchbay <id> call <dialer> <lead> --dry-run', 'npx patchbay <id> call <dialer> <lead> --watch'],
    correction:
      'The API asks nobody whether the customer may be called, and takes the same call twice: the command asks calling hours, consent and DNC first, and calls each lead once.',
  },
  {
    guide: calls,
    kind: 'step',
    title: 'Step 3: Run a Campaign, via the Dashboard',
    checks: ['dialling.ready', 'agents.published'],
    commands: ['npx patchbay <id> campaign <dialer> --list <list> --name <name> --dry-run'],
    correction:
      'A file that is made by hand has no correlation ID, so that no result comes back, and nobody struck out whom the dialer must not call. The command sees to both.',
  },
  {
    guide: calls,
    kind: 'step',
    title: 'Step 3: Run a Campaign, via the API',
    checks: ['dialling.ready'],
    commands: [
      'npx patchbay <id> campaign <dialer> --list <list> --name <name> --dry-run',
      'npx patchbay <id> campaign status <name>',
    ],
    correction:
      'The guide sends JSON with the file in base64, the reference a form: `dialling.campaignFile` says which. Rows that SigmaMind does not take are in `errors` of an answer that says success. Nothing in the API takes a row out, or pauses.',
  },
  {
    guide: calls,
    kind: 'step',
    title: 'Step 4: Monitor Calls, via the Dashboard',
    checks: ['conversations.recent', 'recordings', 'webhooks.registered'],
    commands: ['npx patchbay calls show <number>', 'npx patchbay <id> campaign status <name>'],
    correction: 'There is a call of the AI only: what became of it in the dialer, Patchbay shows.',
  },
  {
    guide: calls,
    kind: 'step',
    title: 'Step 4: Retrieve a Single Call, and List All Calls',
    checks: ['conversations.recent', 'recordings'],
    commands: ['npx patchbay calls show <number>', 'npx patchbay reconcile'],
    correction:
      "Pages count from 0 in the reference, from 1 in the guide's example; the status is `ended` where the guide asks for `completed`. No filter by number or variable exists: Patchbay finds a call by its correlation ID.",
  },
  {
    guide: calls,
    kind: 'step',
    title: 'Set Up Webhooks (Recommended)',
    checks: ['webhooks.registered', 'webhooks.events', 'webhooks.token', 'webhook.guard', 'webhook.secrets'],
    steps: ['webhooks'],
    commands: ['npx patchbay <id> capture'],
    correction:
      'A webhook belongs to one agent, and has a secret of its own: each agent needs one. The list shows active ones only, unless `active=false` is asked for. The Inbound Webhook URL of a number is something else: a question before the call.',
  },
  {
    guide: calls,
    kind: 'step',
    title: 'Delete a Call Record',
    checks: ['api.key'],
    commands: ['npx patchbay person erase <number>'],
    correction:
      "It can not be taken back. `person erase` deletes the records of a person's calls at SigmaMind together with our own.",
  },
  {
    guide: calls,
    kind: 'step',
    title: 'Quick Reference: Dashboard Navigation',
    checks: ['api.key', 'number.registered', 'agents.published'],
    commands: ['npx patchbay setup'],
    correction: 'The runbook of set-up names the page for each thing that has to be done by hand.',
  },
  {
    guide: calls,
    kind: 'step',
    title: 'Quick Reference: API Endpoints',
    checks: ['api.key', 'webhooks.registered', 'dialling.ready'],
    steps: ['api-key'],
    commands: ['npx patchbay setup --apply', 'npx patchbay reconcile'],
    correction: 'Nothing in it finds a call by number or variable: Patchbay keeps which conversation is which call.',
  },
];
