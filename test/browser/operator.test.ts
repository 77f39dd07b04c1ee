import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { twinCalls } from '../demo/loose-ends.ts';
import { getJson, post, send } from '../demo/requests.ts';
import { type Behaviour, phoneNumber } from '../demo/script.ts';
import * as site from '../demo/site.ts';
import { startWorld, type World } from '../demo/world.ts';
import { useBrowser } from '../support/browser.ts';
import { findChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { type Hands, keyboardOf, pointer } from '../support/hands.ts';

// The demo's processes, with calls as the tests want them: what an operator does with what comes of a day.

const morning = Date.parse('2026-03-02T15:55:00.000Z');
const demo = {
  ...{ isOnce: true, calls: 0, isJson: false, kills: 0, dialerKills: 0, seed: 1, rate: 30, port: 0, envFile: '' },
  ...{ ignoresIdempotency: false, dropsFact: false },
};
/** Who is called dies soon when the dialer does not take it. */
const outbox = { leaseSec: 5, maxAttempts: 3, outageHours: 0, backoff: { firstMs: 2000, maxMs: 4000 }, pollMs: 100 };
const withinMs = 30_000;
const testMs = 120_000;
/** Simulated seconds per second, where nothing but time has to go by. */
const hurried = 200;

const browser = useBrowser();
let world: World;
let called = 0;

beforeAll(async () => {
  // Without one, each test says that it is skipped, and why.
  if (!findChromium()) return;
  world = await startWorld(demo, [], morning, () => undefined, { outbox });
  world.clock.setRate(demo.rate);
}, 180_000);
afterEach(async () => {
  if (!findChromium()) return;
  await post(`${world.vicidialUrl}/_sim/faults`, { kind: 'none' });
  world.clock.setRate(demo.rate);
});
afterAll(() => world?.stop(), 60_000);

interface Way {
  how: string;
  javaScript: boolean;
  handsOn: (page: Page) => Hands;
}
const ways: Way[] = [
  { how: 'with JavaScript', javaScript: true, handsOn: () => pointer },
  { how: 'without JavaScript', javaScript: false, handsOn: () => pointer },
  { how: 'by the keyboard alone', javaScript: true, handsOn: keyboardOf },
];

it(
  'follows a call live from its registration to the proof of its write-backs, without loading anything anew',
  async (test) => {
    const { page, hands, goTo } = await logIn(test, ways[0] as Way);
    world.clock.setRate(10);
    const customer = await call({ outcome: 'not_interested', summary: 'Has a supplier already' }, 900);
    await goTo('Calls');
    await find(page, hands, customer.number);
    await page.getByRole('heading', { name: 'No outcome yet' }).waitFor();
    const timeline = page.locator('.timeline');
    const first = await timeline.innerText();
    await page.evaluate('window.isTheSamePage = true');

    world.clock.setRate(hurried);

    await page.getByText(/^Outcome committed: not.interested/).waitFor({ timeout: withinMs });
    await page.getByRole('heading', { name: 'Outcome', exact: true }).waitFor({ timeout: withinMs });
    const disposition = page.getByRole('row', { name: /vicidial disposition/ });
    await disposition.getByText('confirmed').waitFor({ timeout: withinMs });
    await timeline.getByText(/^Written and confirmed: disposition NI/).waitFor({ timeout: withinMs });
    expect(first).toMatch(/Registered, route ai/);
    expect(first).not.toMatch(/Outcome committed|To write/);
    expect(await page.evaluate('window.isTheSamePage')).toBe(true);
    expect(await statusOf(customer)).toBe('NI');
  },
  testMs,
);

describe.each(ways)('$how', { timeout: testMs }, (way) => {
  it('replays a dead letter after its difference was seen', async (test) => {
    const { page, hands, goTo } = await logIn(test, way);
    await post(`${world.vicidialUrl}/_sim/faults`, { kind: 'http500', times: 100_000 });
    const customer = await call({ outcome: 'wrong_number', summary: 'Nobody of that name here' });
    await goTo('Write-backs');
    await hands.press(page.getByRole('link', { name: /^Dead/ }));
    const tick = page.getByRole('checkbox', { name: /^Choose disposition on vicidial/ });
    await seen(page, way, tick);
    // The dialer's own word of the call: handed over, or dropped where the hand-over took too long.
    const held = await statusOf(customer);
    expect(held).toMatch(/^(XFER|DROP)$/);
    await post(`${world.vicidialUrl}/_sim/faults`, { kind: 'none' });

    await hands.tick(tick);
    await hands.press(page.getByRole('button', { name: 'See the difference, then replay' }));
    const difference = page.getByRole('row', { name: new RegExp(`^disposition on vicidial \\w+ ${held} WRONG`) });
    await difference.getByText('writes it', { exact: true }).waitFor();
    expect(await statusOf(customer)).not.toBe('WRONG');
    await hands.press(page.getByRole('button', { name: 'Replay this write-back' }));

    await page.getByText('1 write-back is due again.').waitFor();
    await holds(customer, 'WRONG');
  });

  it('finds a call by its phone number, and corrects its outcome after seeing what would be written', async (test) => {
    const { page, hands, goTo } = await logIn(test, way);
    const customer = await call({ outcome: 'not_interested', summary: 'Has a supplier already' });
    await holds(customer, 'NI');
    await goTo('Calls');
    await find(page, hands, customer.number);
    expect(await page.locator('main').innerText()).not.toContain(customer.number.slice(-7));
    await hands.press(page.getByRole('link', { name: 'Correct the outcome' }));

    await hands.choose(page.getByLabel('The call ended as'), 'sale');
    await hands.write(page.getByLabel('Why'), 'heard the recording');
    await hands.press(page.getByRole('button', { name: 'Show what would be written' }));
    await page.getByRole('row', { name: /^vicidial disposition NI SALE/ }).waitFor();
    expect(await statusOf(customer)).toBe('NI');
    await hands.press(page.getByRole('button', { name: 'Correct it' }));

    await page.getByText(/^Corrected\./).waitFor();
    await holds(customer, 'SALE');
    await seen(page, way, page.getByText('Corrected to sale'));
  });

  it('chooses for a conversation that two calls can be', async (test) => {
    const { page, hands, goTo } = await logIn(test, way);
    const number = phoneNumber('five9', called++);
    await twinCalls(world, number);
    await goTo('Attention');
    const choice = page.getByRole('button', { name: /^Choose/ });
    await seen(page, way, choice.first());
    expect(await choice.count()).toBe(2);

    await hands.press(choice.first());

    await page.getByText('The conversation belongs to that call now.').waitFor();
    world.clock.setRate(hurried);
    await seen(page, way, page.getByRole('row', { name: /^five9 disposition AI - Hung up confirmed/ }));
    const contact = (await getJson(`${world.five9Url}/_sim/state?number1=${number}`)) as { dispositions: object };
    expect(contact.dispositions).toEqual({ [site.five9Campaign]: 'AI - Hung up' });
    await goTo('Attention');
    await page.getByRole('heading', { level: 1, name: 'Needs a person' }).waitFor();
    expect(await choice.count()).toBe(0);
  });

  it('runs the doctor, and sees its checks arrive', async (test) => {
    const { page, hands, goTo } = await logIn(test, way);
    await send('PUT', `${world.sigmamindUrl}/_sim/faults`, { slowMs: 4000 });
    await goTo('Doctor');
    await hands.press(page.getByRole('button', { name: 'Run all checks' }));

    await page.getByText(/^[1-9]\d* of \d+ checks/).waitFor();
    if (way.javaScript) await page.evaluate('window.isTheSamePage = true');
    await send('PUT', `${world.sigmamindUrl}/_sim/faults`, { slowMs: 0 });
    await page.getByText(/^Last run \(all\)/).waitFor({ timeout: 2 * withinMs });
    expect(await page.locator('.check.ok').count()).toBeGreaterThan(100);
    if (way.javaScript) expect(await page.evaluate('window.isTheSamePage')).toBe(true);
  });
});

interface Customer {
  lead: number;
  number: string;
}

/** VICIdial calls somebody whom nobody called before; the call is registered. */
async function call(commit: Behaviour['commit'], talkSec = 5): Promise<Customer> {
  const index = called++;
  const customer = { lead: 1001 + index, number: phoneNumber('vicidial', index) };
  await send('PUT', `${world.sigmamindUrl}/_sim/behaviours`, {
    [customer.number]: { talkSec, commit, analysisAfterSec: 5 },
  });
  await post(`${world.vicidialUrl}/_sim/calls`, {
    leadId: customer.lead,
    campaign: site.vicidialCampaign,
    asksBy: 'agi',
  });
  await eventually(async () => {
    const calls = (await getJson(`${world.vicidialUrl}/_sim/calls`)) as { leadId: number; headers: unknown[] }[];
    expect(calls.find(({ leadId }) => leadId === customer.lead)?.headers).not.toEqual([]);
  }, withinMs);
  return customer;
}

async function statusOf({ lead }: Customer): Promise<string> {
  const state = (await getJson(`${world.vicidialUrl}/_sim/state?leadId=${lead}`)) as { lead: { status: string } };
  return state.lead.status;
}

async function holds(customer: Customer, status: string): Promise<void> {
  await eventually(async () => expect(await statusOf(customer)).toBe(status), withinMs);
}

async function logIn(test: TestContext, { javaScript, handsOn }: Way) {
  const page = await browser.open(test, { javaScript });
  page.setDefaultTimeout(withinMs);
  const hands = handsOn(page);
  await page.goto(`${world.patchbayUrl}/console`);
  await hands.write(page.getByLabel('Name'), 'operator');
  await hands.write(page.getByLabel('Password'), world.users.find(({ name }) => name === 'operator')?.password ?? '');
  await hands.press(page.getByRole('button', { name: 'Log in' }));
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  const doors = page.getByRole('navigation', { name: 'Main' });
  const goTo = (door: string) => hands.press(doors.getByRole('link', { name: new RegExp(`^${door}`) }));
  return { page, hands, goTo };
}

/** Looks a call up by its number as people write it, and opens it. */
async function find(page: Page, hands: Hands, number: string): Promise<void> {
  const written = `(${number.slice(0, 3)}) ${number.slice(3, 6)}-${number.slice(6)}`;
  await hands.write(page.getByRole('searchbox', { name: 'Find' }), written);
  await hands.press(page.getByRole('button', { name: 'Search' }));
  await page.getByText('was read as a number').waitFor();
  const found = page
    .getByRole('row', { name: new RegExp(number.slice(-4)) })
    .getByRole('link')
    .first();
  await hands.press(found);
  await page.getByRole('heading', { name: /^Call / }).waitFor();
}

/** Waits for something on a page; where nothing changes by itself, by looking again. */
async function seen(page: Page, { javaScript }: Pick<Way, 'javaScript'>, what: Locator): Promise<void> {
  if (javaScript) return what.waitFor();
  await eventually(async () => {
    if (await what.isVisible()) return;
    await page.reload();
    expect(await what.isVisible()).toBe(true);
  }, withinMs);
}
