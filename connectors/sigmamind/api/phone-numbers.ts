import { z } from 'zod';
import type { Page, PageQuery } from './page.ts';
import type { ApiRequests } from './request.ts';
import { Flag, Text } from './values.ts';

/** A number of the platform, with its agents. Passwords are not told. */
export const PhoneNumber = z.preprocess(
  withOneSpelling,
  z.object({
    sipPhoneNumber: Text,
    provider: Text,
    friendlyName: Text,
    inboundAgentId: Text,
    outboundAgentId: Text,
    outboundPhoneNumber: Text,
    terminationSipURI: Text,
    active: Flag,
  }),
);
export type PhoneNumber = z.infer<typeof PhoneNumber>;

interface NumberSettings {
  friendlyName?: string;
  /** Null takes the agent away. */
  inboundAgentId?: string | null;
  outboundAgentId?: string | null;
  outboundPhoneNumber?: string | null;
}

/** One number, or any of an area. */
export type BoughtNumber = NumberSettings & ({ phoneNumber: string } | { countryCode: string; areaCode?: number });

/** A number of one's own SIP trunk. */
export interface ImportedNumber extends NumberSettings {
  phoneNumber: string;
  terminationSipURI: string;
  trunkUsername?: string;
  trunkPassword?: string;
}

export interface NumberChange extends NumberSettings {
  terminationSipURI?: string;
  trunkUsername?: string;
  trunkPassword?: string;
}

export interface PhoneNumbersApi {
  buyPhoneNumber(number: BoughtNumber): Promise<PhoneNumber>;
  importPhoneNumber(number: ImportedNumber): Promise<PhoneNumber>;
  getPhoneNumber(phoneNumber: string): Promise<PhoneNumber | null>;
  listPhoneNumbers(query: PageQuery): Promise<Page<PhoneNumber>>;
  /** Also gives it an agent, or takes that away. */
  updatePhoneNumber(phoneNumber: string, change: NumberChange): Promise<PhoneNumber>;
  deletePhoneNumber(phoneNumber: string): Promise<boolean>;
}

export function phoneNumbersApi(requests: ApiRequests): PhoneNumbersApi {
  return {
    buyPhoneNumber: (number) => requests.write('POST', ['phone-numbers'], number, PhoneNumber),
    importPhoneNumber: (number) => requests.write('POST', ['phone-numbers', 'import'], number, PhoneNumber),
    getPhoneNumber: (phoneNumber) => requests.read(['phone-numbers', phoneNumber], PhoneNumber),
    listPhoneNumbers: (query) => requests.list(['phone-numbers'], query, PhoneNumber),
    // A change is spelled `terminationSipUri`, an import `terminationSipURI`.
    updatePhoneNumber: (phoneNumber, { terminationSipURI: terminationSipUri, ...change }) =>
      requests.write(
        'PATCH',
        ['phone-numbers', phoneNumber],
        { ...change, ...(terminationSipUri !== undefined && { terminationSipUri }) },
        PhoneNumber,
      ),
    deletePhoneNumber: (phoneNumber) => requests.remove(['phone-numbers', phoneNumber]),
  };
}

function withOneSpelling(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || !('terminationSipUri' in value)) return value;
  return { terminationSipURI: value.terminationSipUri, ...value };
}
