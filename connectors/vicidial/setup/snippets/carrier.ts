import type { Way } from '../carrier-config.ts';
import { accountSnippet } from './carrier-account.ts';
import { codeHeader, fromVariable, pjsipSteps, sipSteps } from './carrier-ways.ts';
import { dollar, extensionLines, jumpByLength, type Step, skipEmpty } from './dialplan-lines.ts';
import { placeholdersIn, type Site, type Snippet } from './site.ts';

/** The context of the pre-dial handler, for PJSIP. */
const handlerContext = 'patchbay-headers';

/** A call without `call_log` first is never seen to end. */
const callLog: Step = { run: 'AGI(agi://127.0.0.1:4577/call_log)' };

/** The carrier that leads to the AI platform: its dialplan entry, its account entry, and PJSIP's handler. */
export function carrierSnippets(site: Site, way: Way): Snippet[] {
  const isSip = site.config.carrier.tech === 'chan_sip';
  const entry = dialplanEntry(site, way);
  return [
    {
      name: 'carrier-dialplan',
      where: 'Admin, Carriers, the carrier of the platform: Dialplan Entry',
      text: entry,
      notes: [...entryNotes(site, way), ...placeholderNote(entry)],
    },
    ...(isSip ? [] : [handlerSnippet(site, way)]),
    accountSnippet(site),
  ];
}

function dialplanEntry(site: Site, way: Way): string {
  const { prefix, tech } = site.config.carrier;
  const steps = tech === 'chan_sip' ? sipEntry(site, way) : pjsipEntry(site, way);
  return extensionLines(`_${prefix}X.`, steps);
}

function sipEntry(site: Site, way: Way): Step[] {
  const { prefix, peer, dialSeconds } = site.config.carrier;
  return [
    callLog,
    // Headers of an earlier leg are inherited, and would reach the platform too.
    { run: 'SIPRemoveHeader(X-)' },
    ...codeSteps('ask'),
    ...labelled('ask', sipSteps(site, way, 'coded').lookUp),
    { label: 'coded', run: jumpByLength(dollar('PB_CODE'), '!= 20', 'dial') },
    // Patchbay may have sent it as well, when it is among the configured headers.
    { run: `SIPRemoveHeader(${codeHeader})` },
    { run: `SIPAddHeader(${codeHeader}: \${PB_CODE})` },
    { label: 'dial', run: `Dial(SIP/${peer}/+\${EXTEN:${prefix.length}},${dialSeconds},To)` },
    { run: 'Hangup()' },
  ];
}

function pjsipEntry(site: Site, way: Way): Step[] {
  const { prefix, peer, dialSeconds } = site.config.carrier;
  return [
    callLog,
    ...codeSteps('ask'),
    ...labelled('ask', pjsipSteps(site, way).lookUp),
    { run: `Set(__PB_caller_code=${dollar('PB_CODE')})` },
    { run: `Dial(PJSIP/+\${EXTEN:${prefix.length}}@${peer},${dialSeconds},Tob(${handlerContext}^s^1))` },
    { run: 'Hangup()' },
  ];
}

/** The first of the channel's two names that has the length of a caller code; a carrier may have overwritten the other. */
function codeSteps(next: string): Step[] {
  const read = (name: string) => `Set(PB_CODE=\${FILTER(A-Z0-9,\${CUT(${name}, ,1)}):0:20})`;
  return [
    { run: read('CALLERID(name)') },
    { run: jumpByLength(dollar('PB_CODE'), '= 20', next) },
    { run: read('CONNECTEDLINE(name)') },
  ];
}

function labelled(label: string, [first, ...rest]: readonly Step[]): Step[] {
  return first ? [{ ...first, label }, ...rest] : [];
}

function handlerSnippet(site: Site, way: Way): Snippet {
  const { handler } = pjsipSteps(site, way);
  const isUnnamed = way === 'curl';
  const steps: Step[] = [
    ...skipEmpty(handler, 'pb', 'code'),
    { label: 'code', run: jumpByLength(dollar('PB_caller_code'), '!= 20', 'done') },
    ...(isUnnamed ? removeSentCode('add') : []),
    { label: 'add', run: fromVariable(codeHeader).run },
    { label: 'done', run: 'Return()' },
  ];
  return {
    name: 'carrier-handler',
    where:
      'Admin, Servers, each dialer: Custom Dialplan Entry (not in the carrier: a section of its own would end its context)',
    text: `[${handlerContext}]\n${extensionLines('s', steps)}`,
    notes: ['PJSIP takes headers on the called channel only; Dial runs this there just before the INVITE.'],
  };
}

/** Patchbay may have sent it as well; removing where nothing was added would be an error in the log. */
function removeSentCode(next: string): Step[] {
  return [{ run: jumpByLength(dollar('PB_01'), '= 0', next) }, { run: `Set(PJSIP_HEADER(remove,${codeHeader})=)` }];
}

function entryNotes({ config }: Site, way: Way): string[] {
  const { prefix } = config.carrier;
  const notes = [
    `No campaign's Dial Prefix may begin with ${prefix}, and no other carrier may hold a pattern that ${prefix} fits: customers' numbers would be dialled to the platform.`,
    'call_log stays first and Dial last; a line that you add goes between them.',
  ];
  if (way === 'fastagi') {
    const isSafe = config.fastAgi !== undefined;
    notes.push(
      'FastAGI has neither log-in nor encryption: keep it in the private network, and the dialers in fastAgi.allow.',
    );
    if (!isSafe) notes.push('Patchbay serves FastAGI only with a section fastAgi in its configuration.');
    if (isSafe && isLoopback(config.fastAgi?.host ?? '')) {
      notes.push(
        'fastAgi.host is an address of the machine itself: right only where Patchbay runs on the one dialer. Else set it to an address that the dialers reach, and print this again.',
      );
    }
  }
  if (way === 'curl' || way === 'hash' || way === 'json') {
    notes.push(
      'Needs func_curl of Asterisk 18 or newer. An older one may lack CURLOPT(httpheader): log in by CURLOPT(userpwd)=PATCHBAY_CLIENT:PATCHBAY_API_KEY instead. It may lack CURLOPT(failurecodes) too: then take --way hash, where the text of an error page can not become a header.',
    );
  }
  if (way === 'json') notes.push('JSON_DECODE came with Asterisk 18.10.');
  if (way === 'set-variables') {
    notes.push(
      'Patchbay is not asked: there is no correlation ID and no custom field, blanks arrive as +, and other letters than ASCII are lost. Calls are known by the caller code.',
    );
  }
  return notes;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function placeholderNote(text: string): string[] {
  const found = placeholdersIn(text);
  return found.length > 0 ? [`Replace ${found.join(' and ')}.`] : [];
}
