/** What can't be told without the tables, in words for the operator. */
export const apiGaps: readonly string[] = [
  'Leads are not synced: the API lists none. A lead is read when its call comes in, or is asked for by its id.',
  'Calls are known from the lines of the remote agents while they talk: not while they ring, and not afterwards.',
  "What people make of a lead after the AI's call is only seen when a result is to be written.",
  'Leads are not read ahead of their calls: headers that need lead fields cost one to three API requests.',
  'Numbers in vicidial_list_alt_phones are not known; the alternate number of the lead itself is.',
  'Whether a number is on a DNC list is not shown: it is put there again, and VICIdial says when it was there.',
  'Whether campaigns heed the DNC lists is not shown: see that "Use Internal DNC List" is Y in each.',
  'The statuses of the site, its dial statuses and its in-groups are not shown, so that mappings are only checked for their form.',
  'What custom fields a list defines, and of what length, is not shown: VICIdial says when it took none of them.',
  'Leads that were moved to the archive are not seen, nor is the newest row of the log.',
  "Whether a lead was called again is judged by its time of call; a person's disposition is seen by its user.",
  'A log row is known by the second of its channel: what update_log_entry changed is checked afterwards, and put back when it was another call.',
  'When a call was over is not shown, nor which recording of a lead is of which call: those that begin with it are taken.',
  "Heartbeats of the lines and the state of the remote agents are not shown; the configuration's remoteAgents counts.",
];
