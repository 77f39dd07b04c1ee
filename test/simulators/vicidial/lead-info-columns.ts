/** The columns of a lead in the order in which look-ups by caller code print them. */
export const codeInfoColumns =
  'status user vendor_lead_code source_id list_id gmt_offset_now phone_code phone_number title first_name middle_initial last_name address1 address2 address3 city state province postal_code country_code gender date_of_birth alt_phone email security_phrase comments called_count last_local_call_time rank owner'.split(
    ' ',
  );

/** Those of a look-up by lead. */
export const allInfoColumns = [...codeInfoColumns, 'entry_list_id', 'lead_id'];
