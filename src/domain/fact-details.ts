import type { Detail } from './call-timeline.ts';
import type { FactBody } from './fact.ts';

/** What a fact says beside its headline, each value with whom it concerns. Empty ones are left out. */
export function factDetails(body: FactBody): Detail[] {
  return detailsOf(body).filter(({ value }) => value !== '');
}

function detailsOf(body: FactBody): Detail[] {
  switch (body.kind) {
    case 'registered':
      return [
        plain('by', body.via),
        plain('in shadow at', (body.shadow ?? []).join(' ')),
        { name: 'lead', value: body.leg.leadKey, privacy: 'key' },
        { name: 'number', value: body.leg.phone || body.leg.number, privacy: 'number' },
        ...Object.entries(body.gate ?? {}).map(([name, value]) =>
          (name === 'consent_source' ? personal : plain)(`gate: ${name}`, value),
        ),
        plain('seller', body.evidence?.seller ?? ''),
        plain('agent version', body.evidence?.agentVersion ?? ''),
        personal('consent from', body.evidence?.consentSource ?? ''),
        ...fieldsOf('told', body.fields),
      ];
    case 'committed':
      return [
        plain('callback', body.callbackAt ?? ''),
        personal('summary', body.summary),
        ...fieldsOf('field', body.fields),
      ];
    case 'analysed':
      return [
        plain('callback', body.callbackAt ?? ''),
        personal('summary', body.summary),
        ...fieldsOf('field', body.fields),
      ];
    case 'steered':
      return [personal('to', body.to), personal('why', body.why)];
    case 'ended':
      return [
        personal('reason', body.reason),
        plain('spoke for', body.durationSec === undefined ? '' : `${body.durationSec} s`),
      ];
    case 'leg-record':
      return [plain('recordings', String(body.recordingUrls.length))];
    case 'noted':
      return body.event === 'outcome-read' ? [plain('told', body.text)] : [personal('text', body.text)];
    case 'silent':
      return [plain('why', body.why)];
    case 'handed-over':
      return [plain('their call', body.to)];
    case 'corrected':
      return [plain('callback', body.callbackAt ?? ''), plain('on the word of', body.by), personal('why', body.why)];
    case 'opt-out-undone':
      return [plain('by', body.by), personal('why', body.why)];
    case 'released':
      return [plain('by', body.by)];
    case 'dispositioned':
      return [plain('means', body.outcome ?? 'no outcome of ours')];
    default:
      return [];
  }
}

function fieldsOf(word: string, fields: Readonly<Record<string, string>>): Detail[] {
  return Object.entries(fields).map(([name, value]) => personal(`${word}: ${name}`, value));
}

function plain(name: string, value: string): Detail {
  return { name, value, privacy: 'plain' };
}

function personal(name: string, value: string): Detail {
  return { name, value, privacy: 'personal' };
}
