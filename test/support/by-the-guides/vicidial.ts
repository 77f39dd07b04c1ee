import { type HealthyVicidial, vicidialCast } from '../healthy/vicidial.ts';

type Tables = Pick<HealthyVicidial, 'sql'>;

/** Values as the guide prints them. */
const printed = {
  user: '5565',
  prefix: '9797',
  manualPrefix: '8787',
  /** In the guide's form. */
  callerId: '+13035550142',
  /** Its example of prefix and number put together: two digits are missing. */
  extension: '97919895551234',
};

/** The platform's carrier as the guide has it made: a name, a server, active. It knows no text for the dialplan. */
const sigma = { id: 'SIGMA', dialplan: '', account: '' };

/** The trunk by which customers are dialled, with the two prefixes of the guide. */
const ownTrunk = ['9797', '8787']
  .map((prefix) =>
    [
      `exten => _${prefix}1NXXNXXXXXX,1,AGI(agi://127.0.0.1:4577/call_log)`,
      `exten => _${prefix}1NXXNXXXXXX,2,Dial(SIP/owntrunk/\${EXTEN:4},60,To)`,
      `exten => _${prefix}1NXXNXXXXXX,3,Hangup()`,
    ].join('\n'),
  )
  .join('\n');

/**
 * Sets a VICIdial up by the guide, word for word: what it prints is entered, what it does not speak of is as a new campaign
 * has it. Some test calls were made.
 */
export async function enterByTheGuide({ sql }: Tables): Promise<void> {
  await sql('DELETE FROM vicidial_remote_agents');
  await sql('DELETE FROM vicidial_live_agents');
  await sql("DELETE FROM vicidial_users WHERE user LIKE '70%'");
  await sql('DELETE FROM vicidial_campaign_statuses');
  await sql("DELETE FROM vicidial_server_carriers WHERE carrier_id <> 'OWNTRUNK'");
  await sql("UPDATE vicidial_server_carriers SET dialplan_entry = ? WHERE carrier_id = 'OWNTRUNK'", [ownTrunk]);
  // Step 1: the user. Step 2: the remote agent, on all servers.
  await sql("INSERT INTO vicidial_users (user, pass, full_name, user_group) VALUES (?, 'x', 'sigma_agent', 'AGENTS')", [
    printed.user,
  ]);
  await sql(
    `INSERT INTO vicidial_remote_agents (user_start, number_of_lines, server_ip, conf_exten, status, campaign_id, closer_campaigns)
     VALUES (?, 1, '0.0.0.0', ?, 'ACTIVE', 'SPRING', '')`,
    [printed.user, printed.extension],
  );
  // Step 3: the carrier, on all servers.
  await enterCarrier({ sql }, sigma);
  // Steps 4 and 5: the campaign, and its list.
  await sql(
    `UPDATE vicidial_campaigns SET dial_prefix = ?, manual_dial_prefix = ?, campaign_vdad_exten = ?, campaign_cid = ?,
       auto_dial_level = '1', hopper_level = 1, dial_statuses = ' NEW DROP DNC XFER -', start_call_url = '',
       campaign_recording = DEFAULT(campaign_recording), use_internal_dnc = DEFAULT(use_internal_dnc)`,
    [printed.prefix, printed.manualPrefix, printed.extension, printed.callerId],
  );
  // Step 6: test calls. Each stands where VICIdial leaves a call of the AI.
  for (const lead of [1001, 1002, 1003, 1004]) await leaveOnXfer({ sql }, lead);
}

async function leaveOnXfer({ sql }: Tables, lead: number): Promise<void> {
  const talkedSec = 60 + (lead - 1000) * 7;
  const startedAt = Math.floor(Date.now() / 1000) - 3 * 3600 + lead;
  const [uniqueid, at] = [`${startedAt}.${lead}`, wallTime(startedAt)];
  await sql(
    "UPDATE vicidial_list SET status = 'XFER', called_since_last_reset = 'Y', last_local_call_time = ? WHERE lead_id = ?",
    [at, lead],
  );
  await sql(
    `INSERT INTO vicidial_remote_agent_log SET uniqueid = ?, callerid = 'V', ra_user = ?, user = ?, call_time = ?,
       campaign_id = 'SPRING', lead_id = ?`,
    [uniqueid, printed.user, printed.user, at, lead],
  );
  await sql(
    `INSERT INTO vicidial_log SET uniqueid = ?, lead_id = ?, campaign_id = 'SPRING', call_date = ?, start_epoch = ?,
       end_epoch = ?, length_in_sec = ?, status = 'XFER', comments = 'REMOTE'`,
    [uniqueid, lead, at, startedAt, startedAt + talkedSec, talkedSec],
  );
  await sql(
    `INSERT INTO vicidial_carrier_log SET uniqueid = ?, call_date = ?, server_ip = '10.10.10.15', dialstatus = 'ANSWER',
       dial_time = ?, answered_time = ?`,
    [uniqueid, at, talkedSec + 1, talkedSec],
  );
}

export async function enterCarrier(
  { sql }: Tables,
  { id, dialplan, account }: { id: string; dialplan: string; account: string },
): Promise<void> {
  await sql(
    `INSERT INTO vicidial_server_carriers (carrier_id, carrier_name, protocol, account_entry, dialplan_entry, server_ip, active)
     VALUES (?, ?, 'SIP', ?, ?, '0.0.0.0', 'Y')`,
    [id, id, account, dialplan],
  );
}

/** Of the dialer. */
function wallTime(epochSec: number): string {
  const text = new Intl.DateTimeFormat('sv-SE', {
    timeZone: vicidialCast.zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return text.format(epochSec * 1000);
}
