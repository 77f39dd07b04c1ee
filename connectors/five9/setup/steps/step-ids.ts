/** Every step that a Five9 may have, in the order in which they are done. Some are there only where a campaign needs them. */
export const five9StepIds = [
  'api-users',
  'connection-pop',
  'connection-carrier',
  'contact-fields',
  'call-variables',
  'dispositions',
  'skill',
  'auth-profile',
  'script',
  'keys',
  'lists',
  'callback-list',
  'bind',
  'caller-id',
  'handoff-number',
  'softphone-account',
  'import-callback',
] as const;
export type Five9StepId = (typeof five9StepIds)[number];
