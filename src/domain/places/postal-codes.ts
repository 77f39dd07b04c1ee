import { regions, zonesNamed } from './regions.ts';

/** Where the letters to a postal code go. */
export interface PostalArea {
  /** State or province by its postal code; empty where none is meant. */
  region: string;
  zones: readonly string[];
}

/**
 * ZIP codes by their first three digits (`from-to state`), with zones where they do not lie in all zones of their state;
 * five digits go before three. Military addresses (090-098, 340, 962-966) have no place.
 */
const zipTable = `
005 NY
006-007 PR
008 VI
009 PR
010-027 MA
028-029 RI
030-038 NH
039-049 ME
050-054 VT
055 MA
056-059 VT
060-069 CT
070-089 NJ
100-149 NY
150-196 PA
197-199 DE
200-205 DC
206-219 MD
220-246 VA
247-268 WV
270-289 NC
290-299 SC
300-319 GA
320-323 FL New_York
324 FL
325 FL Chicago
326-339 FL New_York
341-342 FL New_York
344 FL New_York
346-349 FL New_York
350-369 AL
370-372 TN Chicago
373 TN
374 TN New_York
375 TN Chicago
376 TN New_York
377 TN
378-379 TN New_York
380-384 TN Chicago
385 TN
386-397 MS
398-399 GA
400 KY New_York
401 KY
402-418 KY New_York
420-424 KY Chicago
425-427 KY
430-459 OH
460-462 IN New_York
463-464 IN Chicago
465 IN
466-468 IN New_York
469 IN
470-474 IN New_York
475-476 IN
477 IN Chicago
478 IN New_York
479 IN
480-497 MI New_York
498-499 MI
500-528 IA
530-549 WI
550-567 MN
569 DC
570-574 SD Chicago
575-576 SD
577 SD Denver
580-584 ND Chicago
585-588 ND
590-599 MT
600-629 IL
630-658 MO
660-676 KS Chicago
677-679 KS
680-689 NE Chicago
690-692 NE
693 NE Denver
700-714 LA
716-729 AR
730-732 OK
733 TX Chicago
734-749 OK
750-797 TX Chicago
798 TX
799 TX Denver
800-816 CO
820-831 WY
832-834 ID Denver
835-836 ID
837 ID Denver
838 ID Los_Angeles
840-847 UT
850-859 AZ Phoenix
860 AZ
863-864 AZ Phoenix
865 AZ
870-884 NM
885 TX Denver
889-897 NV Los_Angeles
898 NV
900-961 CA
967-968 HI
96799 AS
969 GU
96939-96940 - Pacific/Palau
96941 - Pacific/Pohnpei
96942-96943 - Pacific/Chuuk
96944 - Pacific/Kosrae
96950-96952 MP
96960 - Pacific/Majuro
96970 - Pacific/Kwajalein
970-978 OR Los_Angeles
979 OR
980-994 WA
995-999 AK Anchorage
99546-99547 AK Adak`;

/** Canadian postal codes by their first letters, longer ones first. */
const canadianTable = `
A0K NL
A0P NL Goose_Bay
A0R NL Goose_Bay
A2V NL Goose_Bay
A NL St_Johns
B NS
C PE
E NB
G0G QC
G4T QC Halifax
G QC Toronto
H QC Toronto
J QC Toronto
K ON Toronto
L ON Toronto
M ON Toronto
N ON Toronto
P0 ON
P7 ON Toronto
P8 ON Winnipeg
P9 ON Winnipeg
P ON Toronto
R MB
S0 SK
S9V SK Edmonton
S SK Regina
T AB
V0 BC
V1A BC Edmonton
V1C BC Edmonton
V1G BC Dawson_Creek
V1J BC Dawson_Creek
V BC Vancouver
X0A NU Iqaluit
X0B NU Edmonton
X0C NU Rankin_Inlet
X NT
Y YT`;

const zips = new Map(readZips());
const canadian = new Map(readCanadian());

/** The place of a ZIP code (`78701`, `78701-1234`) or of a Canadian postal code (`K1A 0B1`); undefined for anything else. */
export function postalArea(code: string): PostalArea | undefined {
  const text = code.trim().toUpperCase();
  if (/^\d{5}(?:-?\d{4})?$/.test(text)) return zips.get(text.slice(0, 5)) ?? zips.get(text.slice(0, 3));
  if (!/^[A-Z]\d[A-Z] ?\d[A-Z]\d$/.test(text)) return undefined;
  return canadian.get(text.slice(0, 3)) ?? canadian.get(text.slice(0, 2)) ?? canadian.get(text.slice(0, 1));
}

function* readZips(): Generator<[string, PostalArea]> {
  for (const line of zipTable.trim().split('\n')) {
    const [span = '', ...area] = line.split(' ');
    const [from = '', to = from] = span.split('-');
    const place = areaOf(area);
    for (let zip = Number(from); zip <= Number(to); zip++) yield [String(zip).padStart(from.length, '0'), place];
  }
}

function* readCanadian(): Generator<[string, PostalArea]> {
  for (const line of canadianTable.trim().split('\n')) {
    const [letters = '', ...area] = line.split(' ');
    yield [letters, areaOf(area)];
  }
}

function areaOf([region = '', ...zones]: readonly string[]): PostalArea {
  if (region === '-') return { region: '', zones: zonesNamed(zones.join(' ')) };
  return { region, zones: zones.length > 0 ? zonesNamed(zones.join(' ')) : (regions[region]?.zones ?? []) };
}
