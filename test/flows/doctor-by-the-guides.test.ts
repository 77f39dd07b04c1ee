import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Examination, examineSite, exitCodeOf } from '../../src/flows/doctor/examine-site.ts';
import * as five9 from '../support/by-the-guides/fix-five9.ts';
import * as sigmamind from '../support/by-the-guides/fix-sigmamind.ts';
import * as vicidial from '../support/by-the-guides/fix-vicidial.ts';
import { type Reading, readings } from '../support/by-the-guides/readings.ts';
import { type ByTheGuides, type Fault, startByTheGuides } from '../support/by-the-guides/site.ts';

/** What the guides say, or leave out; the check that sees it, and what does as its fix says. In the order of mending. */
const seenAtOnce: readonly Fault[] = [
  ['VICIdial, step 2: Server IP is All Servers', 'vicidial:remote-agent.server', 'fail', vicidial.enter],
  [
    'VICIdial, steps 2 and 3: 9797 and 19895551234 make 97919895551234, and a Dial Prefix is all that the carrier needs',
    'vicidial:carrier.there',
    'fail',
    vicidial.enterWithCarrier,
  ],
  [
    'VICIdial, step 4: the Routing Extension is the Remote Extension',
    'vicidial:campaign.routing-extension',
    'fail',
    vicidial.enter,
  ],
  ['VICIdial, step 5: DNC and XFER are dialled', 'vicidial:campaign.dial-statuses', 'fail', vicidial.takeOut],
  ['VICIdial, step 6: a call stays on XFER', 'vicidial:leads.left-on-xfer', 'warn', vicidial.giveStatus],
  ['VICIdial: nothing of lists of those who opted out', 'vicidial:dnc.heeded', 'fail', vicidial.enter],
  ['VICIdial: it records by itself', 'vicidial:campaign.recording', 'warn', vicidial.enter],
  ['VICIdial: nothing of results', 'vicidial:statuses.there', 'fail', vicidial.addStatuses],
  ['VICIdial: nothing of hand-overs', 'vicidial:start-url.set', 'warn', vicidial.pasteSnippet],
  ['VICIdial: nothing of End Call', 'sigmamind:voice-actions', 'unknown', sigmamind.giveEndCall],
  [
    'Make Calls: events come by the Inbound Webhook URL of a number',
    'sigmamind:webhooks.registered',
    'fail',
    sigmamind.makeWebhook,
  ],
  ['Make Calls: nothing of the secret', 'sigmamind:webhook.guard', 'fail', sigmamind.keepSecrets],
  [
    "both, step 7 and 3: the prompt uses the lead's fields alone",
    'sigmamind:prompt.correlation-id',
    'fail',
    sigmamind.addSentence,
  ],
  [
    'Five9, step 4: a tool commits the outcome, of which no more is said',
    'sigmamind:tools.known',
    'fail',
    sigmamind.makeTools,
  ],
  ['Five9, step 4: so does the prompt', 'sigmamind:prompt.commit', 'fail', sigmamind.addSentence],
  ['Five9, step 5: a Case on the outcome', 'sigmamind:analysis.fields', 'fail', sigmamind.setAnalysis],
  ['Five9: nothing of contact fields', 'five9:fields.known', 'fail', five9.stopAndRun],
  [
    'Five9, step 5: a disposition for each end, of which no more is said',
    'five9:dispositions.known',
    'fail',
    five9.runIt,
  ],
  ['Five9, step 5: call variables for the screen pop', 'five9:variables.group', 'fail', five9.runIt],
  ['Five9, step 5: callbacks', 'five9:callbacks.list', 'fail', five9.addList],
  ['Five9, step 1: a script that is made by hand', 'five9:scripts.seed', 'warn', five9.makeSeed],
  [
    "Five9, steps 1 and 5: Queries to SigmaMind's API, which has no such thing",
    'five9:scripts.ours',
    'fail',
    five9.runIt,
  ],
  [
    'Five9, step 2: answered calls of an outbound campaign are routed to the script',
    'five9:campaigns.script',
    'fail',
    five9.bindScript,
  ],
];

/** What comes to light when those are mended. */
const behindThem: readonly Fault[] = [
  ['Five9, step 4: nothing of who may use a tool', 'sigmamind:tools.auth', 'fail', sigmamind.authenticate],
  ['Five9, step 4: nor of attaching it', 'sigmamind:tools.attached', 'unknown', sigmamind.attachTool],
  ['Five9: nothing of a key for contacts', 'five9:key.values', 'warn', five9.runIt],
  ['the campaign was stopped for its fields', 'five9:campaigns.state', 'warn', five9.startCampaign],
  ["both: the lead's ID is not in the prompt", 'patchbay:headers.variables', 'warn', sigmamind.useVariable],
  ['Five9, step 2: a predictive campaign', 'patchbay:concurrency.lines', 'unknown', five9.tellLines],
];

/** Where the guide disagrees with VICIdial, and the check that sees it. */
const disagreements: readonly [what: string, check: string][] = [
  ['Routing Extension as the remote extension', 'vicidial:campaign.routing-extension'],
  ['97919895551234', 'vicidial:carrier.there'],
  ['a dial string that ends with a host', 'vicidial:remote-agent.extension'],
  ['one prefix for customers and platform', 'vicidial:carrier.own-prefix'],
  ['the same, with two patterns', 'vicidial:carrier.one-pattern'],
  ['a Dial Prefix field of the carrier', 'vicidial:carrier.there'],
  ['dial statuses with DNC and XFER', 'vicidial:campaign.dial-statuses'],
  ['SIP Header fields of the carrier', 'patchbay:headers.entered'],
  ['a remote agent on all servers', 'vicidial:remote-agent.server'],
  ['XFER is cleaned up by hand', 'vicidial:leads.left-on-xfer'],
];

let site: ByTheGuides;
beforeAll(async () => {
  site = await startByTheGuides();
}, 240_000);
afterAll(() => site?.stop());

async function examine(...only: string[]): Promise<Examination> {
  const { site: whole, close } = site.open();
  try {
    return await examineSite(whole, { only });
  } finally {
    await close();
  }
}

/** What is not ok by itself, not for want of another. */
function roots({ checked }: Examination) {
  return checked.filter(({ status, causes }) => status !== 'ok' && causes.length === 0);
}

function namesOf(rows: readonly { id: string; status: string }[]): string[] {
  return rows.map(({ id, status }) => `${id} ${status}`).sort();
}

function namesIn(faults: readonly Fault[]): string[] {
  return namesOf(faults.map(([, id, status]) => ({ id, status })));
}

/** Titles of the guides' troubleshooting that are not ok. */
function ill({ troubles }: Examination): string[] {
  return troubles.flatMap(({ instance, title, status }) =>
    status === 'ok' ? [] : `${instance}: ${title.slice(0, 2)}`,
  );
}

/** Does what the check says until it is content: it may tell of one agent after the other. */
async function mend([says, id, status, fix]: Fault): Promise<void> {
  const said: string[] = [];
  for (;;) {
    const [found] = (await examine(id)).checked;
    if (said.length === 0) expect(found, says).toMatchObject({ id, status, causes: [] });
    if (found?.status === 'ok') return;
    const { fix: text = '' } = found ?? {};
    if (said.includes(text)) throw new Error(`done, and said again: ${id}: ${found?.found}\n${text}`);
    said.push(text);
    await fix(site, text);
  }
}

describe('the doctor of a site that was set up by the guides, word for word', () => {
  it('finds what is wrong with them, and nothing else', async () => {
    const examination = await examine();

    expect(namesOf(roots(examination))).toEqual(namesIn(seenAtOnce));
    expect(exitCodeOf(examination)).toBe(2);
    const each = ['1.', '2.', '3.', '4.', '5.', '6.'];
    expect(ill(examination).filter((title) => !title.startsWith('sigmamind'))).toEqual(
      ['vicidial', 'five9'].flatMap((instance) => each.map((number) => `${instance}: ${number}`)),
    );
  }, 60_000);

  it.each(seenAtOnce)('%s: %s says %s, and its fix turns it', async (...fault) => mend(fault), 60_000);

  it('finds then what was behind them', async () => {
    expect(namesOf(roots(await examine()))).toEqual(namesIn(behindThem));
  }, 60_000);

  it.each(behindThem)('%s: %s says %s, and its fix turns it', async (...fault) => mend(fault), 60_000);

  it('is content in the end, and so is each entry of the troubleshooting', async () => {
    const examination = await examine();

    expect(namesOf(roots(examination))).toEqual([]);
    expect(ill(examination)).toEqual([]);
    expect(exitCodeOf(examination)).toBe(0);
  }, 60_000);
});

describe('the doctor of a VICIdial whose admin read on', () => {
  it.each(readings)(
    '$says',
    async ({ enter, faults, withThem = [] }: Reading) => {
      await enter(site);
      const seen = namesOf(roots(await examine()));

      // What can't be compared yet comes to light when those before it are mended.
      expect([...namesIn(faults), ...withThem]).toEqual(expect.arrayContaining(seen));
      expect(seen).toContain(namesIn(faults.slice(0, 1))[0]);
      for (const fault of faults) await mend(fault);
      expect(namesOf(roots(await examine()))).toEqual([]);
    },
    60_000,
  );

  it.each(disagreements)('sees %s by %s', (_what, check) => {
    const seen = [...seenAtOnce, ...readings.flatMap(({ faults }) => faults)].map(([, id]) => id);
    expect(seen).toContain(check);
  });
});
