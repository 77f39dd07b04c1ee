/** How ra_call_control names where a customer goes. */
export type TransferTarget =
  | { stage: 'INGROUPTRANSFER'; ingroup_choices: string }
  | { stage: 'EXTENSIONTRANSFER'; phone_number: string };

/**
 * Reads a target of `transfers`: `ingroup:SALES`, or `extension:9195551234` for a number that is dialable in the default
 * context, carrier prefix included. Empty: the default in-group of the call's campaign. Null when it is neither.
 */
export function readTransferTarget(target: string): TransferTarget | null {
  const [, group = ''] = /^ingroup:([A-Za-z0-9_-]{1,20})$/.exec(target) ?? [];
  const [, number = ''] = /^extension:(\d{2,20})$/.exec(target) ?? [];
  if (number) return { stage: 'EXTENSIONTRANSFER', phone_number: number };
  if (group || target === '') return { stage: 'INGROUPTRANSFER', ingroup_choices: group || 'DEFAULTINGROUP' };
  return null;
}
