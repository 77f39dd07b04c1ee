import { SigmamindConfig } from '../../connectors/sigmamind/config.ts';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { namedChecks } from '../../src/flows/doctor/run-checks.ts';
import { describeBreaks } from '../support/break-checks.ts';
import { freePort } from '../support/free-port.ts';
import { sigmamindCast, startHealthySigmamind } from '../support/healthy/sigmamind.ts';
import {
  askAboutCall,
  authMade,
  called,
  changed,
  configured,
  faulty,
  importOf,
  prompted,
  type SigmamindSite,
  stateOf,
  switched,
  toolChanged,
  toolsOf,
  webhookChanged,
  withAgent,
  withInsights,
  withSettings,
  withWebhook,
} from '../support/healthy/sigmamind-breaks.ts';
import { realClock } from '../support/real-clock.ts';
import { inboundToken, keys, startTestApp } from '../support/start-app.ts';
import { testConnectorDeps } from '../unit/sigmamind/test-deps.ts';

/** Its recordings are due. */
const anHourAgo = { ...realClock, now: () => Date.now() - 3_600_000 };
const { agents, numbers, eventToken } = sigmamindCast;
const spring = `/v1/agents/${agents.spring}`;
const springNumber = `/v1/phone-numbers/${encodeURIComponent(numbers.spring)}`;

describeBreaks<SigmamindSite>('doctor on SigmaMind', {
  async start() {
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    const healthy = await startHealthySigmamind({ publicUrl, toolsKey: keys.tools, clock: anHourAgo });
    const section = { ...healthy.section, inboundCall: { tokens: [inboundToken] } };
    const app = await startTestApp({
      config: { server: { port, publicUrl }, platforms: { sigmamind: section } },
    });
    const site: SigmamindSite = { ...healthy, section, app };
    await askAboutCall(app);
    const { store } = app.app.deps;
    const readCursor = (name: string) => store.readCursor(`sigmamind:${name}`);
    return {
      site,
      checks: () =>
        namedChecks([
          sigmamind.create('sigmamind', SigmamindConfig.parse(site.section), {
            ...testConnectorDeps,
            publicUrl,
            readCursor,
          }),
        ]),
      async stop() {
        await app.stop();
        await healthy.stop();
      },
    };
  },
  breaks: {
    'api.key': [
      configured('the key is of another workspace', { apiKey: 'key-of-somebody-else' }),
      configured('nobody is there', { apiUrl: 'http://127.0.0.1:1' }),
    ],
    'agents.known': {
      what: 'an agent was deleted',
      async run({ simulator, ask }) {
        const agent = await stateOf(simulator.url, 'agents', 'agentId', agents.spring);
        await ask('DELETE', spring);
        return async () => void (await ask('PUT', `/_sim/agents/${agents.spring}`, agent));
      },
    },
    'agents.published': [
      changed('an agent is still being tested', spring, { status: 'Testing' }, { status: 'Live' }, 'warn'),
      changed(
        'the API says a word that we do not know',
        spring,
        { status: 'simmering' },
        { status: 'Live' },
        'unknown',
      ),
    ],
    'number.registered': [
      {
        what: 'a number was taken out',
        async run({ ask }) {
          await ask('DELETE', springNumber);
          return async () => void (await ask('POST', '/v1/phone-numbers/import', importOf()));
        },
      },
      changed('a number is switched off', springNumber, { active: false }, { active: true }),
    ],
    'number.termination-uri': [
      changed(
        "it is SigmaMind's own server",
        springNumber,
        { terminationSipUri: '28y698lhv2f.sip.livekit.cloud' },
        { terminationSipUri: sigmamindCast.carrier },
      ),
      changed('it is empty', springNumber, { terminationSipUri: '' }, { terminationSipUri: sigmamindCast.carrier }),
      changed(
        'it is no address',
        springNumber,
        { terminationSipUri: 'my carrier' },
        { terminationSipUri: sigmamindCast.carrier },
      ),
      changed(
        "it is another carrier's",
        springNumber,
        { terminationSipUri: 'sip.other.example' },
        { terminationSipUri: sigmamindCast.carrier },
        'warn',
      ),
    ],
    'number.agent': [
      changed(
        'the number was mapped to the other agent',
        springNumber,
        { inboundAgentId: agents.springFive9 },
        { inboundAgentId: agents.spring },
      ),
      changed('the number has no agent', springNumber, { inboundAgentId: null }, { inboundAgentId: agents.spring }),
    ],
    'webhook.guard': [
      configured('no secret is known', { webhook: { tokens: [eventToken] } }),
      configured(
        'signatures are not asked for',
        { webhook: { tokens: [eventToken], signature: { preset: 'none', insecure: true } } },
        'warn',
      ),
    ],
    'webhooks.registered': webhookChanged('it was switched off', { active: false }, { active: true }),
    'webhooks.events': webhookChanged(
      'it no longer tells of the end',
      { events: ['conversation_started', 'conversation_analyzed'] },
      { events: ['conversation_started', 'conversation_ended', 'conversation_analysed'] },
    ),
    'webhooks.token': {
      what: 'the token in the configuration is another one',
      run: (site) =>
        withWebhook(site, ({ signature }) => ({ signature, tokens: ['token-of-another-site-0123456789'] })),
    },
    'webhook.secrets': [
      {
        what: 'one of the secrets was forgotten',
        run: (site) =>
          withWebhook(site, ({ tokens, signature }) => ({
            tokens,
            signature: { secrets: signature.secrets.slice(1) },
          })),
      },
      switched('SigmaMind shows secrets once only', 'secretsShownAgain', false, 'unknown'),
    ],
    'tools.known': [
      toolChanged('a tool calls an old address', { endpoint: 'https://old.example.com/v1/outcomes' }),
      toolChanged('a tool does not send the correlation ID', { bodyParams: { outcome: '{{outcome}}' } }),
      toolChanged('a tool asks by GET', { method: 'GET' }),
      {
        what: 'nobody says which integration it is, and SigmaMind lists none',
        status: 'unknown',
        async run(site) {
          const before = site.section;
          site.simulator.switches.integrationsListed = false;
          site.section = { ...before, integrationIds: [] };
          return async () => {
            site.simulator.switches.integrationsListed = true;
            site.section = before;
          };
        },
      },
    ],
    'tools.auth': authMade('the integration proves nothing', { authType: 'NO_AUTH' }),
    'tools.self-test': [
      authMade('the tools carry a key that nobody knows', { authType: 'BEARER_TOKEN', token: 'pb_key-of-nobody' }),
      {
        what: 'Patchbay calls its platform by another name',
        async run({ app }) {
          const { platforms } = app.app.deps;
          const own = platforms.get('sigmamind');
          (platforms as Map<string, unknown>).delete('sigmamind');
          return async () => void (platforms as Map<string, unknown>).set('sigmamind', own);
        },
      },
    ],
    'tools.attached': [
      {
        what: 'one agent lost its tools',
        run: (site) =>
          withAgent(site, ({ tools }) => ({ tools: toolsOf(tools).filter(({ name }) => name !== 'commit_outcome') })),
      },
      {
        what: 'the API tells of no attached tools',
        status: 'unknown',
        async run(site) {
          const mends = await Promise.all(
            Object.values(agents).map((agentId) =>
              withAgent(
                site,
                ({ tools }) => ({ tools: toolsOf(tools).filter(({ type }) => type === 'voice_end_call') }),
                agentId,
              ),
            ),
          );
          return async () => void (await Promise.all(mends.map((mend) => mend())));
        },
      },
    ],
    'analysis.fields': [
      {
        what: 'it was switched off',
        run: (site) => withSettings(site, { enablePostConversationAnalysis: false }),
      },
      {
        what: 'an option of the outcome is missing',
        run: (site) =>
          withInsights(site, (rows) =>
            rows.map((row) => ({ ...row, ...(row.options ? { options: ['Interested'] } : {}) })),
          ),
      },
      {
        what: 'the field of the outcome has another name',
        run: (site) => withInsights(site, (rows) => rows.filter(({ insightName }) => insightName !== 'qualification')),
      },
      {
        what: 'there is no summary',
        status: 'warn',
        run: (site) => withInsights(site, (rows) => rows.filter(({ insightName }) => insightName === 'qualification')),
      },
    ],
    'prompt.correlation-id': prompted('the ID was taken out', (text) => text.replaceAll('{{correlation_id}}', '')),
    'prompt.variables': [
      prompted('a variable is spelled as its header', (text) => text.replace('{{lead_id}}', '{{X-lead_id}}')),
      prompted('the ID is spelled as its header', (text) =>
        text.replaceAll('{{correlation_id}}', '{{X-correlation_id}}'),
      ),
      prompted('a variable has capitals', (text) => text.replace('{{lead_id}}', '{{Lead_Id}}')),
      prompted('a brace is missing', (text) => text.replace('{{lead_id}}', '{{lead_id}')),
      prompted('it has one brace on each side', (text) => text.replace('{{lead_id}}', '{lead_id}')),
    ],
    'prompt.commit': [
      prompted('the tool is not named', (text) => text.replaceAll('commit_outcome', 'the tool')),
      prompted('it is not said when', (text) => text.replaceAll(/before/gi, 'when'), 'warn'),
    ],
    'voice-actions': [
      {
        what: 'an agent transfers to a number as people write it',
        run: (site) =>
          withAgent(site, ({ tools }) => ({
            tools: [...toolsOf(tools), { type: 'voice_transfer_call', transferTo: '(555) 010-0000' }],
          })),
      },
      {
        what: 'an agent transfers to itself',
        run: (site) =>
          withAgent(site, ({ tools }) => ({
            tools: [...toolsOf(tools), { type: 'voice_transfer_call', transferTo: numbers.spring }],
          })),
      },
      {
        what: 'the API shows no End Call',
        status: 'unknown',
        run: (site) =>
          withAgent(site, ({ tools }) => ({ tools: toolsOf(tools).filter(({ type }) => type !== 'voice_end_call') })),
      },
    ],
    'inbound-webhook.url': {
      what: 'nobody ever asked',
      status: 'unknown',
      async run({ app }) {
        const { store } = app.app.deps;
        const name = 'sigmamind:inbound-question';
        const before = await store.readCursor(name);
        await store.writeCursor(name, '');
        return () => store.writeCursor(name, before);
      },
    },
    'sip.transport': configured('TLS on the port of UDP', { sip: { host: '127.0.0.1', port: 5060, transport: 'tls' } }),
    'sip.answers': [
      faulty('the server is silent', { sip: 'silent' }),
      faulty('the server takes no calls', { sip: 'busy' }, 'warn'),
      configured('nobody listens on TCP', { sip: { host: '127.0.0.1', port: 1, transport: 'tcp' } }),
    ],
    'conversations.recent': [
      called('three calls failed', { terminationReason: 'failed', recording: true }),
      called('three calls were not connected', { terminationReason: 'no-answer', recording: true }),
    ],
    recordings: called('three conversations have no recording', {
      terminationReason: 'agent_ended_call',
      recording: false,
    }),
    'dialling.ready': [
      configured('the number that shows is not there', { dialling: { from: '+13035550199', agentId: agents.spring } }),
      configured('no agent speaks', { dialling: { from: numbers.spring } }),
    ],
  },
});
