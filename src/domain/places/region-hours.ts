import type { WeekHours } from '../calling-hours.ts';
import { weekHours } from '../week-hours.ts';

/** Stricter hours of one state or province, with the law that we read them from. */
export interface RegionHours extends WeekHours {
  law: string;
}

/** 47 CFR § 64.1200(c)(1): 8 to 21 by the called party's clock. */
export const federalHours: WeekHours = weekHours('08:00-21:00');

/**
 * What ships for states whose own hours are narrower: weekday, Saturday, Sunday, holiday; one span stands for the whole
 * week. Laws that speak of recorded or artificial voices only are in it, because that is what an AI's voice is held to be.
 * Not legal advice, not complete, and laws change: each site has its own list by `gate.hours.regions`.
 */
const table = `
AL | 08:00-20:00, 08:00-20:00, none, none | rules of the Alabama Public Service Commission on telephone solicitation
CA | 09:00-21:00 | Cal. Pub. Util. Code § 2872 (announcing devices)
CT | 09:00-20:00 | Conn. Gen. Stat. § 42-288a
FL | 08:00-20:00 | Fla. Stat. § 501.616(6)
IL | 09:00-21:00 | 815 ILCS 305/15 (recorded messages)
IN | 09:00-20:00 | Ind. Code § 24-5-14-8 (announcing devices)
KY | 10:00-21:00 | Ky. Rev. Stat. § 367.46955
LA | 08:00-20:00, 08:00-20:00, none, none | La. Rev. Stat. § 45:844.11 ff. and orders of its Public Service Commission
MA | 08:00-20:00 | Mass. Gen. Laws ch. 159C § 3
MD | 08:00-20:00 | Md. Code, Com. Law § 14-4501 ff.
ME | 09:00-17:00, none, none, none | Me. Rev. Stat. tit. 10 § 1498 (automated calling devices)
MN | 09:00-21:00 | Minn. Stat. § 325E.30
MS | 08:00-20:00, 08:00-20:00, none, none | Miss. Code § 77-3-701 ff.
NE | 08:00-21:00, 08:00-21:00, 13:00-21:00, 13:00-21:00 | 291 Neb. Admin. Code ch. 11 § 3 (recorded messages)
NM | 09:00-21:00 | N.M. Stat. § 57-12-22
NV | 09:00-20:00 | Nev. Rev. Stat. § 598.0918
OK | 08:00-20:00 | Okla. Stat. tit. 15 § 775C.4
OR | 08:00-20:00 | Or. Laws 2025, House Bill 3865
PA | 08:00-21:00, 08:00-21:00, 08:00-21:00, none | 73 Pa. Stat. § 2241 ff. as amended in 2019
RI | 09:00-18:00, 10:00-17:00, none, none | R.I. Gen. Laws §§ 5-61-2, 5-61-3.6
SD | 09:00-21:00, none, none, none | S.D. Codified Laws § 37-30-28 (automated dialing)
TX | 09:00-21:00, 09:00-21:00, 12:00-21:00 | Tex. Bus. & Com. Code § 301.051
UT | 08:00-21:00, 08:00-21:00, none, none | Utah Code § 13-25a-103
WA | 08:00-20:00 | Wash. Rev. Code § 80.36.390`;

/** Canada's rule is one for all: CRTC Unsolicited Telecommunications Rules, part III. */
const canada = ['AB', 'BC', 'MB', 'NB', 'NL', 'NS', 'NT', 'NU', 'ON', 'PE', 'QC', 'SK', 'YT'];

/** By postal code of the state or province. */
export const regionHours: Readonly<Record<string, RegionHours>> = Object.fromEntries([
  ...table
    .trim()
    .split('\n')
    .map((line): [string, RegionHours] => {
      const [region = '', hours = '', law = ''] = line.split(' | ');
      return [region, { ...weekHours(hours), law }];
    }),
  ...canada.map((region): [string, RegionHours] => [
    region,
    {
      ...weekHours('09:00-21:30, 10:00-18:00, 10:00-18:00'),
      law: 'CRTC Unsolicited Telecommunications Rules, part III',
    },
  ]),
]);
