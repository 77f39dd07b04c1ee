/** A state, district, territory or province: its names and the time zones in which it lies. */
export interface Region {
  name: string;
  country: 'US' | 'CA';
  zones: readonly string[];
}

/**
 * By postal code of the state (`TX`, `ON`). Zones by which clocks agree today are one here (Detroit is New_York); zones of
 * a few houses only, and time that a town keeps against the law, are left out.
 */
export const regions: Readonly<Record<string, Region>> = Object.fromEntries(
  [
    ...read(
      'US',
      `AL Alabama: Chicago
      AK Alaska: Anchorage Adak
      AZ Arizona: Phoenix Denver
      AR Arkansas: Chicago
      CA California: Los_Angeles
      CO Colorado: Denver
      CT Connecticut: New_York
      DE Delaware: New_York
      DC District of Columbia: New_York
      FL Florida: New_York Chicago
      GA Georgia: New_York
      HI Hawaii: Pacific/Honolulu
      ID Idaho: Denver Los_Angeles
      IL Illinois: Chicago
      IN Indiana: New_York Chicago
      IA Iowa: Chicago
      KS Kansas: Chicago Denver
      KY Kentucky: New_York Chicago
      LA Louisiana: Chicago
      ME Maine: New_York
      MD Maryland: New_York
      MA Massachusetts: New_York
      MI Michigan: New_York Chicago
      MN Minnesota: Chicago
      MS Mississippi: Chicago
      MO Missouri: Chicago
      MT Montana: Denver
      NE Nebraska: Chicago Denver
      NV Nevada: Los_Angeles Denver
      NH New Hampshire: New_York
      NJ New Jersey: New_York
      NM New Mexico: Denver
      NY New York: New_York
      NC North Carolina: New_York
      ND North Dakota: Chicago Denver
      OH Ohio: New_York
      OK Oklahoma: Chicago
      OR Oregon: Los_Angeles Denver
      PA Pennsylvania: New_York
      RI Rhode Island: New_York
      SC South Carolina: New_York
      SD South Dakota: Chicago Denver
      TN Tennessee: Chicago New_York
      TX Texas: Chicago Denver
      UT Utah: Denver
      VT Vermont: New_York
      VA Virginia: New_York
      WA Washington: Los_Angeles
      WV West Virginia: New_York
      WI Wisconsin: Chicago
      WY Wyoming: Denver
      PR Puerto Rico: Puerto_Rico
      VI Virgin Islands: Puerto_Rico
      GU Guam: Pacific/Guam
      MP Northern Mariana Islands: Pacific/Guam
      AS American Samoa: Pacific/Pago_Pago`,
    ),
    ...read(
      'CA',
      `AB Alberta: Edmonton
      BC British Columbia: Vancouver Edmonton Dawson_Creek
      MB Manitoba: Winnipeg
      NB New Brunswick: Moncton
      NL Newfoundland and Labrador: St_Johns Goose_Bay
      NS Nova Scotia: Halifax
      NT Northwest Territories: Edmonton
      NU Nunavut: Iqaluit Rankin_Inlet Edmonton
      ON Ontario: Toronto Winnipeg
      PE Prince Edward Island: Halifax
      QC Quebec: Toronto Halifax Puerto_Rico
      SK Saskatchewan: Regina Edmonton
      YT Yukon: Whitehorse`,
    ),
  ].map(({ code, ...region }) => [code, region]),
);

function* read(country: Region['country'], table: string): Generator<Region & { code: string }> {
  for (const line of table.split('\n')) {
    const [title = '', zones = ''] = line.split(':');
    const [code = '', ...name] = title.trim().split(' ');
    yield { code, name: name.join(' '), country, zones: zonesNamed(zones) };
  }
}

/** `Chicago Pacific/Guam` as zone names of the time zone database. */
export function zonesNamed(names: string): string[] {
  return names
    .trim()
    .split(' ')
    .map((name) => (name.includes('/') ? name : `America/${name}`));
}
