-- Tables of a VICIdial server as far as a connector meets them: names, types, engines and indexes as VICIdial has them.

CREATE TABLE vicidial_list (
  lead_id INT(9) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  entry_date DATETIME,
  modify_date TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  status VARCHAR(6),
  user VARCHAR(20),
  vendor_lead_code VARCHAR(20),
  source_id VARCHAR(50),
  list_id BIGINT(14) UNSIGNED NOT NULL DEFAULT 0,
  gmt_offset_now DECIMAL(4,2) DEFAULT 0.00,
  called_since_last_reset ENUM('Y','N','Y1','Y2','Y3','Y4','Y5','Y6','Y7','Y8','Y9','Y10','D') DEFAULT 'N',
  phone_code VARCHAR(10),
  phone_number VARCHAR(18) NOT NULL,
  title VARCHAR(4),
  first_name VARCHAR(30),
  middle_initial VARCHAR(1),
  last_name VARCHAR(30),
  address1 VARCHAR(100),
  address2 VARCHAR(100),
  address3 VARCHAR(100),
  city VARCHAR(50),
  state VARCHAR(2),
  province VARCHAR(50),
  postal_code VARCHAR(10),
  country_code VARCHAR(3),
  gender ENUM('M','F','U') DEFAULT 'U',
  date_of_birth DATE,
  alt_phone VARCHAR(12),
  email VARCHAR(70),
  security_phrase VARCHAR(100),
  comments VARCHAR(255),
  called_count SMALLINT UNSIGNED DEFAULT 0,
  last_local_call_time DATETIME,
  `rank` SMALLINT NOT NULL DEFAULT 0,
  owner VARCHAR(20) DEFAULT '',
  entry_list_id BIGINT(14) UNSIGNED NOT NULL DEFAULT 0,
  KEY (phone_number),
  KEY (list_id),
  KEY (called_since_last_reset),
  KEY (status),
  KEY (gmt_offset_now),
  KEY (postal_code),
  KEY (last_local_call_time),
  KEY (`rank`),
  KEY (owner),
  KEY phone_list (phone_number, list_id),
  KEY list_phone (list_id, phone_number),
  KEY list_status (list_id, status)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_list_alt_phones (
  alt_phone_id INT(9) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  lead_id INT(9) UNSIGNED NOT NULL,
  phone_code VARCHAR(10),
  phone_number VARCHAR(18),
  alt_phone_note VARCHAR(30),
  alt_phone_count SMALLINT UNSIGNED,
  active ENUM('Y','N') DEFAULT 'Y',
  KEY (lead_id),
  KEY (phone_number)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_lists (
  list_id BIGINT(14) UNSIGNED NOT NULL PRIMARY KEY,
  list_name VARCHAR(30),
  campaign_id VARCHAR(8),
  active ENUM('Y','N') DEFAULT 'Y',
  list_description VARCHAR(255),
  list_changedate DATETIME,
  list_lastcalldate DATETIME,
  reset_time VARCHAR(100) DEFAULT '',
  campaign_cid_override VARCHAR(20) DEFAULT '',
  expiration_date DATE DEFAULT '2099-12-31',
  local_call_time VARCHAR(10) NOT NULL DEFAULT 'campaign',
  na_call_url TEXT,
  dial_prefix VARCHAR(20) DEFAULT '',
  daily_reset_limit SMALLINT DEFAULT -1,
  resets_today SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  cid_group_id VARCHAR(20) DEFAULT '---DISABLED---'
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_lists_fields (
  field_id INT(9) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  list_id BIGINT(14) UNSIGNED NOT NULL DEFAULT 0,
  field_label VARCHAR(50),
  field_name TEXT,
  field_type ENUM('TEXT','AREA','SELECT','MULTI','RADIO','CHECKBOX','DATE','TIME','DISPLAY','SCRIPT','HIDDEN','READONLY','HIDEBLOB','SWITCH','SOURCESELECT','BUTTON') DEFAULT 'TEXT',
  field_max SMALLINT,
  field_required ENUM('Y','N','INBOUND_ONLY') DEFAULT 'N',
  field_encrypt ENUM('Y','N') DEFAULT 'N',
  field_duplicate ENUM('Y','N') DEFAULT 'N',
  UNIQUE KEY list_label (list_id, field_label)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_campaigns (
  campaign_id VARCHAR(8) NOT NULL PRIMARY KEY,
  campaign_name VARCHAR(40),
  active ENUM('Y','N') DEFAULT 'Y',
  dial_method ENUM('MANUAL','RATIO','ADAPT_HARD_LIMIT','ADAPT_TAPERED','ADAPT_AVERAGE','INBOUND_MAN','SHARED_RATIO','SHARED_ADAPT_HARD_LIMIT','SHARED_ADAPT_TAPERED','SHARED_ADAPT_AVERAGE') DEFAULT 'RATIO',
  auto_dial_level VARCHAR(6) DEFAULT '1',
  hopper_level INT(8) UNSIGNED DEFAULT 50,
  dial_statuses VARCHAR(255) DEFAULT ' NEW -',
  lead_order VARCHAR(30) DEFAULT 'DOWN',
  local_call_time VARCHAR(10) DEFAULT '9am-9pm',
  dial_timeout SMALLINT UNSIGNED DEFAULT 60,
  dial_prefix VARCHAR(20) DEFAULT '9',
  manual_dial_prefix VARCHAR(20) DEFAULT '',
  three_way_dial_prefix VARCHAR(20) DEFAULT '',
  omit_phone_code ENUM('Y','N') DEFAULT 'N',
  campaign_cid VARCHAR(20) DEFAULT '0000000000',
  use_custom_cid ENUM('Y','N','AREACODE','USER_CUSTOM_1') DEFAULT 'N',
  cid_group_id VARCHAR(20) DEFAULT '---DISABLED---',
  campaign_vdad_exten VARCHAR(20) DEFAULT '8368',
  drop_call_seconds TINYINT DEFAULT 5,
  drop_action ENUM('HANGUP','MESSAGE','VOICEMAIL','IN_GROUP','AUDIO','CALLMENU','VMAIL_NO_INST') DEFAULT 'AUDIO',
  drop_inbound_group VARCHAR(20) DEFAULT '---NONE---',
  default_xfer_group VARCHAR(20) DEFAULT '---NONE---',
  closer_campaigns TEXT,
  campaign_allow_inbound ENUM('Y','N') DEFAULT 'N',
  next_agent_call VARCHAR(40) DEFAULT 'longest_wait_time',
  campaign_recording ENUM('NEVER','ONDEMAND','ALLCALLS','ALLFORCE') DEFAULT 'ONDEMAND',
  campaign_rec_filename VARCHAR(50) DEFAULT 'FULLDATE_CUSTPHONE',
  use_internal_dnc ENUM('Y','N','AREACODE') DEFAULT 'N',
  use_campaign_dnc ENUM('Y','N','AREACODE') DEFAULT 'N',
  use_other_campaign_dnc VARCHAR(8) DEFAULT '',
  scheduled_callbacks ENUM('Y','N') DEFAULT 'N',
  start_call_url TEXT,
  dispo_call_url TEXT,
  na_call_url TEXT,
  opensips_cid_name VARCHAR(15) DEFAULT '',
  khomp_settings_container VARCHAR(40) DEFAULT '---DISABLED---',
  campaign_calldate DATETIME,
  amd_type ENUM('AMD','CPD','KHOMP') DEFAULT 'AMD',
  cpd_amd_action ENUM('DISABLED','DISPO','MESSAGE','CALLMENU','INGROUP') DEFAULT 'DISABLED',
  cpd_unknown_action ENUM('DISABLED','DISPO','MESSAGE','CALLMENU','INGROUP') DEFAULT 'DISABLED',
  amd_send_to_vmx ENUM('Y','N') DEFAULT 'N',
  am_message_exten VARCHAR(100) DEFAULT 'vm-goodbye',
  waitforsilence_options VARCHAR(25) DEFAULT '',
  amd_inbound_group VARCHAR(20) DEFAULT '',
  amd_callmenu VARCHAR(50) DEFAULT '',
  amd_agent_route_options ENUM('ENABLED','DISABLED','PENDING') DEFAULT 'DISABLED'
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_statuses (
  status VARCHAR(6) NOT NULL PRIMARY KEY,
  status_name VARCHAR(30),
  selectable ENUM('Y','N'),
  human_answered ENUM('Y','N') DEFAULT 'N',
  category VARCHAR(20) DEFAULT 'UNDEFINED',
  sale ENUM('Y','N') DEFAULT 'N',
  dnc ENUM('Y','N') DEFAULT 'N',
  customer_contact ENUM('Y','N') DEFAULT 'N',
  not_interested ENUM('Y','N') DEFAULT 'N',
  unworkable ENUM('Y','N') DEFAULT 'N',
  scheduled_callback ENUM('Y','N') DEFAULT 'N',
  completed ENUM('Y','N') DEFAULT 'N',
  answering_machine ENUM('Y','N') DEFAULT 'N'
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_campaign_statuses (
  status VARCHAR(6) NOT NULL,
  status_name VARCHAR(30),
  selectable ENUM('Y','N'),
  campaign_id VARCHAR(8) NOT NULL,
  human_answered ENUM('Y','N') DEFAULT 'N',
  category VARCHAR(20) DEFAULT 'UNDEFINED',
  sale ENUM('Y','N') DEFAULT 'N',
  dnc ENUM('Y','N') DEFAULT 'N',
  customer_contact ENUM('Y','N') DEFAULT 'N',
  not_interested ENUM('Y','N') DEFAULT 'N',
  unworkable ENUM('Y','N') DEFAULT 'N',
  scheduled_callback ENUM('Y','N') DEFAULT 'N',
  completed ENUM('Y','N') DEFAULT 'N',
  answering_machine ENUM('Y','N') DEFAULT 'N',
  UNIQUE KEY status_campaign (status, campaign_id),
  KEY (campaign_id)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_inbound_groups (
  group_id VARCHAR(20) NOT NULL PRIMARY KEY,
  group_name VARCHAR(30),
  active ENUM('Y','N') DEFAULT 'Y',
  default_xfer_group VARCHAR(20) DEFAULT '---NONE---',
  start_call_url TEXT
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_users (
  user_id INT(9) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user VARCHAR(20) NOT NULL,
  pass VARCHAR(100) NOT NULL DEFAULT '',
  pass_hash VARCHAR(500) DEFAULT '',
  full_name VARCHAR(50),
  user_level TINYINT UNSIGNED DEFAULT 1,
  user_group VARCHAR(20),
  active ENUM('Y','N') DEFAULT 'Y',
  vdc_agent_api_access ENUM('0','1') DEFAULT '0',
  modify_leads ENUM('0','1','2','3','4','5','6') DEFAULT '0',
  modify_lists ENUM('0','1') DEFAULT '0',
  modify_campaigns ENUM('0','1') DEFAULT '0',
  modify_users ENUM('0','1') DEFAULT '0',
  modify_remoteagents ENUM('0','1') DEFAULT '0',
  view_reports ENUM('0','1') DEFAULT '0',
  delete_from_dnc ENUM('0','1') DEFAULT '0',
  ast_admin_access ENUM('0','1') DEFAULT '0',
  api_list_restrict ENUM('0','1') DEFAULT '0',
  api_allowed_functions VARCHAR(1000) DEFAULT ' ALL_FUNCTIONS ',
  api_only_user ENUM('0','1') DEFAULT '0',
  custom_one VARCHAR(100) DEFAULT '',
  custom_two VARCHAR(100) DEFAULT '',
  custom_three VARCHAR(100) DEFAULT '',
  custom_four VARCHAR(100) DEFAULT '',
  custom_five VARCHAR(100) DEFAULT '',
  failed_login_count TINYINT UNSIGNED DEFAULT 0,
  last_login_date DATETIME DEFAULT '2001-01-01 00:00:01',
  vicidial_recording ENUM('0','1') DEFAULT '1',
  vicidial_recording_override ENUM('DISABLED','NEVER','ONDEMAND','ALLCALLS','ALLFORCE') DEFAULT 'DISABLED',
  UNIQUE KEY (user)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_user_groups (
  user_group VARCHAR(20) NOT NULL PRIMARY KEY,
  group_name VARCHAR(40),
  allowed_campaigns TEXT,
  admin_viewable_groups TEXT,
  api_ip_list VARCHAR(30) DEFAULT ''
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_remote_agents (
  remote_agent_id INT(9) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_start VARCHAR(20),
  number_of_lines TINYINT UNSIGNED DEFAULT 1,
  server_ip VARCHAR(15) NOT NULL,
  conf_exten VARCHAR(20),
  status ENUM('ACTIVE','INACTIVE') DEFAULT 'INACTIVE',
  campaign_id VARCHAR(8),
  closer_campaigns TEXT,
  extension_group VARCHAR(20) DEFAULT 'NONE',
  on_hook_agent ENUM('Y','N') DEFAULT 'N'
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_live_agents (
  live_agent_id INT(9) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user VARCHAR(20),
  server_ip VARCHAR(15) NOT NULL,
  extension VARCHAR(100),
  conf_exten VARCHAR(20),
  status ENUM('READY','QUEUE','INCALL','PAUSED','CLOSER','MQUEUE') DEFAULT 'PAUSED',
  lead_id INT(9) UNSIGNED NOT NULL DEFAULT 0,
  campaign_id VARCHAR(8),
  closer_campaigns TEXT,
  uniqueid VARCHAR(20) DEFAULT '',
  callerid VARCHAR(20) DEFAULT '',
  channel VARCHAR(100) DEFAULT '',
  call_server_ip VARCHAR(15) DEFAULT '',
  ra_user VARCHAR(20) DEFAULT '',
  ra_extension VARCHAR(100) DEFAULT '',
  last_update_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  last_call_time DATETIME,
  last_state_change DATETIME,
  calls_today SMALLINT UNSIGNED DEFAULT 0,
  comments VARCHAR(20) DEFAULT '',
  pause_code VARCHAR(6) DEFAULT '',
  user_level TINYINT UNSIGNED DEFAULT 0,
  external_hangup VARCHAR(1) DEFAULT '',
  external_status VARCHAR(255) DEFAULT '',
  external_pause VARCHAR(20) DEFAULT '',
  KEY (user),
  KEY (callerid),
  KEY (lead_id)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_hopper (
  hopper_id INT(9) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  lead_id INT(9) UNSIGNED NOT NULL,
  campaign_id VARCHAR(8),
  status ENUM('READY','QUEUE','INCALL','DONE','HOLD','DNC','RHOLD','RQUEUE') DEFAULT 'READY',
  user VARCHAR(20),
  list_id BIGINT(14) UNSIGNED NOT NULL,
  gmt_offset_now DECIMAL(4,2) DEFAULT 0.00,
  alt_dial VARCHAR(6) DEFAULT 'NONE',
  priority TINYINT DEFAULT 0,
  source VARCHAR(1) DEFAULT '',
  vendor_lead_code VARCHAR(20) DEFAULT '',
  KEY (lead_id)
) ENGINE=MEMORY DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_auto_calls (
  auto_call_id INT(9) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  server_ip VARCHAR(15) NOT NULL,
  campaign_id VARCHAR(20) DEFAULT '',
  status ENUM('SENT','RINGING','LIVE','XFER','PAUSED','CLOSER','BUSY','DISCONNECT','IVR') DEFAULT 'PAUSED',
  lead_id INT(9) UNSIGNED NOT NULL DEFAULT 0,
  uniqueid VARCHAR(20),
  callerid VARCHAR(20),
  channel VARCHAR(100),
  phone_code VARCHAR(10),
  phone_number VARCHAR(18),
  call_time DATETIME,
  call_type ENUM('IN','OUT','OUTBALANCE') DEFAULT 'OUT',
  stage VARCHAR(20) DEFAULT 'START',
  last_update_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  alt_dial VARCHAR(6) DEFAULT 'NONE',
  extension VARCHAR(100) DEFAULT '',
  KEY (uniqueid),
  KEY (callerid),
  KEY (call_time),
  KEY (last_update_time)
) ENGINE=MEMORY DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_manager (
  man_id INT(9) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  uniqueid VARCHAR(20),
  entry_date DATETIME,
  status ENUM('NEW','QUEUE','SENT','UPDATED','DEAD') DEFAULT 'NEW',
  response ENUM('Y','N') DEFAULT 'N',
  server_ip VARCHAR(15) NOT NULL,
  channel VARCHAR(100),
  action VARCHAR(20),
  callerid VARCHAR(20),
  cmd_line_a VARCHAR(100) DEFAULT '',
  cmd_line_b VARCHAR(100) DEFAULT '',
  cmd_line_c VARCHAR(100) DEFAULT '',
  cmd_line_d VARCHAR(200) DEFAULT '',
  KEY (callerid),
  KEY (uniqueid)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_log (
  uniqueid VARCHAR(20) NOT NULL PRIMARY KEY,
  lead_id INT(9) UNSIGNED NOT NULL,
  list_id BIGINT(14) UNSIGNED,
  campaign_id VARCHAR(8),
  call_date DATETIME,
  start_epoch INT(10) UNSIGNED,
  end_epoch INT(10) UNSIGNED,
  length_in_sec INT(10),
  status VARCHAR(6),
  phone_code VARCHAR(10),
  phone_number VARCHAR(18),
  user VARCHAR(20),
  comments VARCHAR(255),
  processed ENUM('Y','N'),
  user_group VARCHAR(20),
  term_reason ENUM('CALLER','AGENT','QUEUETIMEOUT','ABANDON','AFTERHOURS','NONE','SYSTEM') DEFAULT 'NONE',
  alt_dial VARCHAR(6) DEFAULT 'NONE',
  called_count SMALLINT UNSIGNED DEFAULT 0,
  KEY (lead_id),
  KEY (call_date)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_log_extended (
  uniqueid VARCHAR(50) NOT NULL PRIMARY KEY,
  server_ip VARCHAR(15),
  call_date DATETIME,
  lead_id INT(9) UNSIGNED,
  caller_code VARCHAR(30) NOT NULL,
  custom_call_id VARCHAR(100),
  start_url_processed ENUM('N','Y','U') DEFAULT 'N',
  dispo_url_processed ENUM('N','Y','U','XY','XU') DEFAULT 'N',
  KEY (call_date),
  KEY (caller_code)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_remote_agent_log (
  uniqueid VARCHAR(20) DEFAULT '',
  callerid VARCHAR(20) DEFAULT '',
  ra_user VARCHAR(20),
  user VARCHAR(20),
  call_time DATETIME,
  extension VARCHAR(100) DEFAULT '',
  lead_id INT(9) UNSIGNED DEFAULT 0,
  phone_number VARCHAR(18) DEFAULT '',
  campaign_id VARCHAR(20) DEFAULT '',
  processed ENUM('Y','N','U') DEFAULT 'N',
  comment VARCHAR(255) DEFAULT '',
  KEY (call_time),
  KEY (ra_user)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_closer_log (
  closecallid INT(9) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  lead_id INT(9) UNSIGNED NOT NULL,
  list_id BIGINT(14) UNSIGNED,
  campaign_id VARCHAR(20),
  call_date DATETIME,
  start_epoch INT(10) UNSIGNED,
  end_epoch INT(10) UNSIGNED,
  length_in_sec INT(10),
  status VARCHAR(6),
  phone_code VARCHAR(10),
  phone_number VARCHAR(18),
  user VARCHAR(20),
  comments VARCHAR(255),
  queue_seconds DECIMAL(7,2) DEFAULT 0,
  uniqueid VARCHAR(20) NOT NULL DEFAULT '',
  term_reason ENUM('CALLER','AGENT','QUEUETIMEOUT','ABANDON','AFTERHOURS','HOLDRECALLXFER','HOLDTIME','NOAGENT','NONE','MAXCALLS','SYSTEM') DEFAULT 'NONE',
  KEY (lead_id),
  KEY (call_date),
  KEY (campaign_id),
  KEY (uniqueid)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_callbacks (
  callback_id INT(9) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  lead_id INT(9) UNSIGNED,
  list_id BIGINT(14) UNSIGNED,
  campaign_id VARCHAR(8),
  status VARCHAR(10),
  entry_time DATETIME,
  callback_time DATETIME,
  modify_date TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  user VARCHAR(20),
  recipient ENUM('USERONLY','ANYONE') DEFAULT 'ANYONE',
  comments VARCHAR(255),
  user_group VARCHAR(20),
  lead_status VARCHAR(6) DEFAULT 'CALLBK',
  customer_timezone VARCHAR(100) DEFAULT '',
  customer_time DATETIME,
  KEY (lead_id),
  KEY (status),
  KEY (callback_time)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_dnc (
  phone_number VARCHAR(18) NOT NULL PRIMARY KEY
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_campaign_dnc (
  phone_number VARCHAR(18) NOT NULL,
  campaign_id VARCHAR(8) NOT NULL,
  UNIQUE KEY phone_campaign (phone_number, campaign_id),
  KEY (phone_number)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_carrier_log (
  uniqueid VARCHAR(20) NOT NULL PRIMARY KEY,
  call_date DATETIME,
  server_ip VARCHAR(15) NOT NULL,
  lead_id INT(9) UNSIGNED,
  hangup_cause TINYINT UNSIGNED DEFAULT 0,
  dialstatus VARCHAR(16),
  channel VARCHAR(100),
  dial_time SMALLINT UNSIGNED DEFAULT 0,
  answered_time SMALLINT UNSIGNED DEFAULT 0,
  sip_hangup_cause SMALLINT UNSIGNED DEFAULT 0,
  sip_hangup_reason VARCHAR(50) DEFAULT '',
  caller_code VARCHAR(30) DEFAULT '',
  KEY (call_date),
  KEY (lead_id)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_amd_log (
  call_date DATETIME,
  caller_code VARCHAR(30) DEFAULT '',
  lead_id INT(9) UNSIGNED,
  uniqueid VARCHAR(20) NOT NULL,
  server_ip VARCHAR(15) NOT NULL,
  AMDSTATUS VARCHAR(10) DEFAULT '',
  AMDRESPONSE VARCHAR(20) DEFAULT '',
  AMDCAUSE VARCHAR(30) DEFAULT '',
  KEY (call_date),
  KEY (lead_id)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_server_carriers (
  carrier_id VARCHAR(15) NOT NULL PRIMARY KEY,
  carrier_name VARCHAR(50) NOT NULL,
  protocol ENUM('SIP','PJSIP','PJSIP_WIZ','Zap','IAX2','EXTERNAL') DEFAULT 'SIP',
  account_entry TEXT,
  globals_string VARCHAR(255),
  dialplan_entry TEXT,
  server_ip VARCHAR(15) NOT NULL,
  active ENUM('Y','N') DEFAULT 'Y',
  KEY (server_ip)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE servers (
  server_id VARCHAR(10) NOT NULL PRIMARY KEY,
  server_ip VARCHAR(15) NOT NULL,
  active ENUM('Y','N'),
  asterisk_version VARCHAR(20) DEFAULT '18.21.1-vici',
  local_gmt VARCHAR(6) DEFAULT '-5.00',
  routing_prefix VARCHAR(10) DEFAULT '13',
  ext_context VARCHAR(20) DEFAULT 'default',
  rebuild_conf_files ENUM('Y','N') DEFAULT 'Y',
  carrier_logging_active ENUM('Y','N') DEFAULT 'Y',
  custom_dialplan_entry TEXT,
  conf_engine ENUM('MEETME','CONFBRIDGE') DEFAULT 'CONFBRIDGE'
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE system_settings (
  version VARCHAR(50),
  db_schema_version INT(8) UNSIGNED DEFAULT 1728,
  use_non_latin ENUM('0','1') DEFAULT '0',
  custom_fields_enabled ENUM('0','1') DEFAULT '1',
  vdc_agent_api_active ENUM('0','1') DEFAULT '1',
  pass_hash_enabled ENUM('0','1') DEFAULT '0',
  allow_ip_lists ENUM('0','1') DEFAULT '0',
  slave_db_server VARCHAR(50) DEFAULT '',
  reports_use_slave_db VARCHAR(2000) DEFAULT '',
  default_local_gmt VARCHAR(6) DEFAULT '-5.00',
  default_phone_code VARCHAR(8) DEFAULT '1',
  allowed_sip_stacks ENUM('SIP','PJSIP','SIP_and_PJSIP') DEFAULT 'SIP',
  opensips_cid_name ENUM('0','1') DEFAULT '0',
  custom_dialplan_entry TEXT,
  callback_time_24hour ENUM('0','1') DEFAULT '0'
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE recording_log (
  recording_id INT(10) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  channel VARCHAR(100),
  server_ip VARCHAR(15),
  extension VARCHAR(100),
  start_time DATETIME,
  start_epoch INT(10) UNSIGNED,
  end_time DATETIME,
  end_epoch INT(10) UNSIGNED,
  length_in_sec MEDIUMINT UNSIGNED,
  filename VARCHAR(100),
  location VARCHAR(255),
  lead_id INT(9) UNSIGNED,
  user VARCHAR(20),
  vicidial_id VARCHAR(20),
  KEY (filename),
  KEY (lead_id),
  KEY (user),
  KEY (vicidial_id)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE call_log (
  uniqueid VARCHAR(20) NOT NULL PRIMARY KEY,
  channel VARCHAR(100),
  server_ip VARCHAR(15),
  extension VARCHAR(100),
  number_dialed VARCHAR(15),
  caller_code VARCHAR(20),
  start_time DATETIME,
  start_epoch INT(10),
  end_time DATETIME,
  end_epoch INT(10),
  length_in_sec INT(10),
  KEY (caller_code),
  KEY (server_ip)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_api_log (
  api_id INT(9) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user VARCHAR(20) NOT NULL,
  api_date DATETIME,
  api_script VARCHAR(10),
  function VARCHAR(20) NOT NULL,
  agent_user VARCHAR(20),
  value VARCHAR(255),
  result VARCHAR(10),
  result_reason VARCHAR(255),
  source VARCHAR(20),
  data TEXT,
  run_time VARCHAR(20) DEFAULT '0',
  KEY (api_date)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_dial_log (
  caller_code VARCHAR(30) NOT NULL,
  lead_id INT(9) UNSIGNED DEFAULT 0,
  server_ip VARCHAR(15),
  call_date DATETIME,
  extension VARCHAR(100) DEFAULT '',
  channel VARCHAR(100) DEFAULT '',
  timeout MEDIUMINT UNSIGNED DEFAULT 0,
  outbound_cid VARCHAR(100) DEFAULT '',
  context VARCHAR(100) DEFAULT '',
  uniqueid VARCHAR(20) DEFAULT '',
  sip_hangup_cause SMALLINT UNSIGNED DEFAULT 0,
  KEY (caller_code),
  KEY (call_date)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE user_call_log (
  user_call_log_id INT(9) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user VARCHAR(20),
  call_date DATETIME,
  call_type VARCHAR(20),
  server_ip VARCHAR(15) NOT NULL,
  phone_number VARCHAR(20),
  lead_id INT(9) UNSIGNED,
  campaign_id VARCHAR(20),
  KEY (user),
  KEY (call_date)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE vicidial_log_archive LIKE vicidial_log;
CREATE TABLE vicidial_closer_log_archive LIKE vicidial_closer_log;
CREATE TABLE vicidial_carrier_log_archive LIKE vicidial_carrier_log;
CREATE TABLE vicidial_api_log_archive LIKE vicidial_api_log;
CREATE TABLE call_log_archive LIKE call_log;
CREATE TABLE vicidial_log_extended_archive LIKE vicidial_log_extended;
CREATE TABLE vicidial_dial_log_archive LIKE vicidial_dial_log;
