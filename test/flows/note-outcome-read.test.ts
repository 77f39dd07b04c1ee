import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

let patchbay: TestApp;

beforeEach(async () => {
  patchbay = await startTestApp({
    dialers: { carousel: { type: 'made-up', url: 'http://127.0.0.1:1', campaigns: { Autumn: {} } } },
  });
});

afterEach(() => patchbay.stop());

const unmapped = () => patchbay.log.filter(({ msg }) => String(msg).startsWith('an outcome has no disposition'));

function ask(path: string): Promise<Record<string, string>> {
  const authorization = `Basic ${Buffer.from(`script:${keys.script}`).toString('base64')}`;
  return fetch(`${patchbay.url}/v1/ivr/carousel/${path}`, { headers: { authorization } }).then(
    (answer) => answer.json() as Promise<Record<string, string>>,
  );
}

function commitSale(id: string): Promise<Response> {
  return fetch(`${patchbay.url}/v1/platforms/sigmamind/tools/commit-outcome`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' },
    body: JSON.stringify({ correlation_id: id, outcome: 'sale' }),
  });
}

it.each([
  ['names its campaign', '&campaign=Autumn', 'Add it to dialers.carousel.campaigns.Autumn.dispositions.'],
  [
    'names none',
    '',
    'The call was registered without a campaign: have its script name one, or add it to dialers.carousel.campaigns.*.dispositions.',
  ],
])('an outcome that is not mapped is told with what to mend where the registration %s', async (_what, more, hint) => {
  const { correlation_id: id = '' } = await ask(`register?call_id=mu-1&lead_id=r1${more}`);

  await commitSale(id);

  await eventually(() => expect(unmapped().map((line) => line.hint)).toEqual([hint]));
});

it('that a script asked is kept with the call, and neither warns anew nor wakes the write-backs', async () => {
  const { correlation_id: id = '' } = await ask('register?call_id=mu-1&lead_id=r1&campaign=Autumn');
  await commitSale(id);
  await eventually(() => expect(unmapped()).toHaveLength(1));

  for (const _ of [1, 2, 3]) expect(await ask(`outcome?correlation_id=${id}`)).toMatchObject({ status: 'done' });

  await patchbay.app.deps.registrations.flush();
  const facts = await patchbay.app.deps.store.factsOf(id);
  const notes = facts.flatMap(({ body }) => (body.kind === 'noted' ? [body.text] : []));
  expect(notes).toEqual([expect.stringMatching(/^done, sale/)]);
  expect(unmapped()).toHaveLength(1);
});
