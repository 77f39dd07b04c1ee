import type { Asker, WizardSite } from '../../../../src/domain/setup.ts';
import type { SiteSetUp } from '../../tables/site-set-up.ts';
import { type Way, wayOf } from '../carrier-config.ts';
import { presentText, presentValue } from './present.ts';
import { freePrefix, prefixesInUse } from './propose-prefix.ts';

type Site = Pick<WizardSite<never>, 'id' | 'present' | 'publicUrl' | 'numbers'>;

export interface CarrierAnswers {
  prefix: string;
  host: string;
  tech: 'chan_sip' | 'pjsip';
  transport: 'udp' | 'tcp' | 'tls';
  srtp: boolean;
  headersBy: Way;
}

/** The carrier entry toward the platform: driver, prefix, transport, and the way of the headers. */
export async function askCarrier(ask: Asker, site: Site, found: SiteSetUp | null): Promise<CarrierAnswers> {
  const { id, present, numbers } = site;
  const key = `${id}.carrier`;
  const tech = await ask.choose({
    key: `${key}.tech`,
    message: 'SIP channel driver of the dialers (Protocol of your other carriers: SIP or PJSIP)',
    choices: [
      { value: 'chan_sip', label: 'SIP (chan_sip)' },
      { value: 'pjsip', label: 'PJSIP (chan_pjsip)' },
    ],
    byDefault: oneOf(presentText(present, 'carrier', 'tech'), ['chan_sip', 'pjsip'], techOf(found)),
  });
  const prefix = await askPrefix(ask, site, found);
  const host = await ask.text({
    key: `${key}.host`,
    message: "Host of the platform's SIP server, as its own guide names it (no sip:, no port)",
    byDefault: presentText(present, 'carrier', 'host') || (numbers.find(({ sipHost }) => sipHost)?.sipHost ?? ''),
    judge: (answer) => (/^[A-Za-z0-9.-]+$/.test(answer) ? null : 'Give a host name.'),
  });
  const transport = await ask.choose({
    key: `${key}.transport`,
    message: 'SIP transport toward it',
    choices: [
      { value: 'tcp', label: 'TCP', hint: 'room for many headers' },
      { value: 'tls', label: 'TLS', hint: 'encrypted' },
      { value: 'udp', label: 'UDP', hint: 'all headers within 300 bytes' },
    ],
    byDefault: oneOf(presentText(present, 'carrier', 'transport'), ['tcp', 'tls', 'udp'], 'tcp'),
  });
  const srtp = await ask.confirm({
    key: `${key}.srtp`,
    message: 'Encrypt the voice too (SRTP)?',
    byDefault: presentValue(present, 'carrier', 'srtp') === true,
  });
  const headersBy = await ask.choose({
    key: `${key}.headersBy`,
    message: 'How shall the dialplan come by the headers?',
    choices: [
      { value: 'curl', label: 'CURL, whole headers', hint: 'the usual one for SIP' },
      { value: 'hash', label: 'CURL, named one by one', hint: 'the usual one for PJSIP' },
      { value: 'json', label: 'CURL, JSON', hint: 'Asterisk 18.10 or newer' },
      { value: 'fastagi', label: 'FastAGI', hint: 'private network only' },
      { value: 'set-variables', label: "VICIdial's own script", hint: 'Patchbay is not asked' },
    ],
    byDefault: wayOf({ tech, headersBy: wayIn(presentText(present, 'carrier', 'headersBy')) }),
  });
  return { prefix, host, tech, transport, srtp, headersBy };
}

async function askPrefix(ask: Asker, { id, present }: Site, found: SiteSetUp | null): Promise<string> {
  const inUse = found ? prefixesInUse(found) : [];
  const before = presentText(present, 'carrier', 'prefix');
  if (inUse.length > 0) ask.say(`Prefixes in use by carriers and campaigns: ${inUse.join(', ')}.`);
  return ask.text({
    key: `${id}.carrier.prefix`,
    message: "Dial prefix of the platform's carrier: one that nothing else begins with",
    byDefault: before || freePrefix(inUse),
    judge(answer) {
      if (!/^\d{2,10}$/.test(answer)) return '2 to 10 digits.';
      // The one that is configured is in use by the platform's own carrier.
      if (answer === before) return null;
      const clash = inUse.find((used) => answer.startsWith(used) || used.startsWith(answer));
      return clash ? `${clash} is in use: calls to customers would go to the platform.` : null;
    },
  });
}

/** What most of the site's active carriers speak. */
function techOf(found: SiteSetUp | null): 'chan_sip' | 'pjsip' {
  const active = (found?.carriers ?? []).filter(({ isActive }) => isActive);
  const pjsip = active.filter(({ protocol }) => protocol.startsWith('PJSIP')).length;
  return pjsip * 2 > active.length ? 'pjsip' : 'chan_sip';
}

function oneOf<const Word extends string>(word: string, words: readonly Word[], byDefault: Word): Word {
  return words.find((each) => each === word) ?? byDefault;
}

function wayIn(word: string): Way | undefined {
  const all: readonly Way[] = ['curl', 'hash', 'json', 'fastagi', 'set-variables'];
  return all.find((way) => way === word);
}
