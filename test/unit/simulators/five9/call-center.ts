import { type Five9Simulator, startFive9Simulator } from '../../../simulators/five9/five9-simulator.ts';
import type { Five9SimulatorInput, SeedInput } from '../../../simulators/five9/options.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

/** The cast: numbers of the fictional 555 exchange. Bea and Cal share one. */
export const ada = '7205550101';
export const bea = '7205550102';
export const dan = '7205550104';

export const api = { name: 'api@example.com', password: 'made-up' };
export const spring = 'Spring outbound';

const seed: SeedInput = {
  campaigns: [
    { name: spring, type: 'OUTBOUND', lists: ['Spring leads', 'AI callbacks'], ani: '8005550100' },
    { name: 'Help line', type: 'INBOUND' },
  ],
  lists: ['Loose list'],
  dispositions: ['AI - Not interested', { name: 'AI - Do not call', type: 'AddActiveNumber' }, 'Sale'],
  contactFields: [
    { name: 'crm_key' },
    { name: 'ai_summary' },
    { name: 'score', type: 'NUMBER' },
    { name: 'last_disposition', mapTo: 'LastDisposition' },
    { name: 'last_agent_disposition', mapTo: 'LastAgentDisposition' },
    { name: 'last_agent_at', type: 'DATE_TIME', mapTo: 'LastAgentDispositionDateTime' },
  ],
  contacts: [
    { fields: { number1: ada, first_name: 'Ada', crm_key: 'k-1' }, lists: ['Spring leads'] },
    { fields: { number1: bea, first_name: 'Bea', crm_key: 'k-2' }, lists: ['Spring leads'] },
    { fields: { number1: bea, first_name: 'Cal', crm_key: 'k-3' }, lists: ['Spring leads'] },
    { fields: { number1: dan, first_name: 'Dan', crm_key: 'k-4' } },
  ],
};

export interface CallCenter {
  clock: TestClock;
  five9: Five9Simulator;
  /** POSTs an operation element's inner XML; gives status and body. */
  soap(operation: string, inner?: string, as?: typeof api): Promise<{ status: number; body: string }>;
}

/** A small call centre at noon in Los Angeles, in winter. */
export async function openCallCenter(options: Partial<Five9SimulatorInput> = {}): Promise<CallCenter> {
  const clock = createTestClock('2026-11-24T20:00:00.000Z');
  const five9 = await startFive9Simulator({ clock, users: [api], seed, ...options });
  return { clock, five9, soap: (operation, inner = '', as = api) => post(five9.url, envelope(operation, inner), as) };
}

export function envelope(operation: string, inner: string): string {
  return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:tns="http://service.admin.ws.five9.com/"><soap:Body><tns:${operation}>${inner}</tns:${operation}></soap:Body></soap:Envelope>`;
}

export async function post(url: string, body: string, user: typeof api): Promise<{ status: number; body: string }> {
  const response = await fetch(`${url}/wsadmin/v13/AdminWebService`, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`,
      'Content-Type': 'text/xml; charset=utf-8',
      SOAPAction: '""',
    },
    body,
  });
  return { status: response.status, body: await response.text() };
}

/** The text of the first element of that name; empty when there is none. */
export function textOf(body: string, name: string): string {
  return new RegExp(`<(?:\\w+:)?${name}(?: [^>]*)?>([^<]*)<`).exec(body)?.[1] ?? '';
}

/** The name of the fault in an answer; empty when it is none. */
export function faultIn(body: string): string {
  return /<detail><ns1:(\w+) /.exec(body)?.[1] ?? '';
}

/** `number1` is the key; the other names follow it as ordinary columns. */
export function mapping(...fields: string[]): string {
  return fields
    .map(
      (name, index) =>
        `<fieldsMapping><columnNumber>${index + 1}</columnNumber><fieldName>${name}</fieldName><key>${index === 0}</key></fieldsMapping>`,
    )
    .join('');
}

export function rows(...values: readonly (readonly string[])[]): string {
  const row = (items: readonly string[]) => `<values>${items.map((item) => `<item>${item}</item>`).join('')}</values>`;
  return `<importData>${values.map(row).join('')}</importData>`;
}

/** A disposition import of number and disposition pairs. */
export function dispositionImport(campaign: string, ...values: readonly (readonly string[])[]): string {
  return `<campaignName>${campaign}</campaignName><dispositionsUpdateSettings>${mapping('number1')}<skipHeaderLine>false</skipHeaderLine><dispositionColumnNumber>2</dispositionColumnNumber><dispositionsUpdateMode>UPDATE_IF_SOLE_CRM_MATCH</dispositionsUpdateMode><updateToCommonDisposition>false</updateToCommonDisposition><warnIfNoCrmMatchFound>true</warnIfNoCrmMatchFound></dispositionsUpdateSettings>${rows(...values)}`;
}

export function identifier(text: string): string {
  return `<identifier><identifier>${text}</identifier></identifier>`;
}
