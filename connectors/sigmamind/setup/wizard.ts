import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../src/domain/errors.ts';
import type { Asker, SetupWizard, WizardSite } from '../../../src/domain/setup.ts';
import { platformSipHost } from './settings.ts';
import { askAnalysis } from './wizard-analysis.ts';
import { askNumbers } from './wizard-numbers.ts';
import { readWorkspace, type Workspace } from './workspace.ts';

type Site = WizardSite<ConnectorDeps>;

const defaultUrl = 'https://api.sigmamind.ai';
/** A key is mistyped; after so many times it is something else. */
const mostTries = 3;

/** Asks for the key, reads agents and numbers, and asks who answers which number. */
export const setupWizard: SetupWizard<ConnectorDeps> = async (ask, site) => {
  const { id } = site;
  const present = site.present ?? {};
  const apiUrl = await ask.text({
    key: `${id}.apiUrl`,
    message: 'Address of the API of SigmaMind',
    byDefault: textIn(present.apiUrl) || defaultUrl,
    judge: (answer) => (URL.canParse(answer) ? null : 'must be an address such as https://api.sigmamind.ai'),
  });
  const { apiKey, workspace } = await askKey(ask, site, apiUrl);
  const { numbers, answered } = await askNumbers(ask, id, present, workspace);
  const { sip, concurrency } = await askCalls(ask, id, present);
  const webhook = await askWebhook(ask, site, present);
  const inboundCall = await askInbound(ask, site, present);
  const analysis = await askAnalysis(ask, id, present);

  return {
    section: {
      type: 'sigmamind',
      ...(apiUrl !== defaultUrl && { apiUrl }),
      apiKey: site.keepSecret(secretName(id, 'API_KEY'), apiKey),
      sip,
      concurrency,
      numbers,
      toolsKey: site.makeClient({ name: `${id}-tools`, may: ['tools'] }),
      webhook,
      inboundCall,
      ...(analysis && { analysis }),
    },
    numbers: answered.map((answer) => ({ platform: id, ...answer, sipHost: sip.host })),
  };
};

/** The key, tried at once; null as workspace where nothing may be sent, or nobody answers. */
async function askKey(
  ask: Asker,
  site: Site,
  apiUrl: string,
): Promise<{ apiKey: string; workspace: Workspace | null }> {
  const byDefault = site.valueOf(textIn(site.present?.apiKey));
  let refusedKey = '';
  let refusal: unknown;
  for (let tries = 1; ; tries += 1) {
    const apiKey = await ask.secret({
      key: `${site.id}.apiKey`,
      message: 'API key of SigmaMind (dashboard → Deploy → API Keys)',
      ...(byDefault && { byDefault }),
      judge: (answer) => (answer.trim() === '' ? 'is needed' : null),
    });
    if (ask.isRehearsal) return { apiKey, workspace: null };
    // A file of answers says the same again.
    if (apiKey === refusedKey) throw refusal;
    try {
      const workspace = await readWorkspace(site.deps, { apiUrl, apiKey });
      ask.say(`The key is good: ${workspace.agents.length} agent(s), ${workspace.numbers.length} number(s).`);
      return { apiKey, workspace };
    } catch (error) {
      ask.say(`${messageOf(error)} ${error instanceof ConnectorError ? error.hint : ''}`.trim());
      if (error instanceof ConnectorError && error.retryable) return { apiKey, workspace: null };
      if (tries >= mostTries) throw error;
      refusedKey = apiKey;
      refusal = error;
    }
  }
}

async function askCalls(ask: Asker, id: string, present: Readonly<Record<string, unknown>>) {
  const before = fieldsIn(present.sip);
  const host = await ask.text({
    key: `${id}.sip.host`,
    message: 'SIP server of SigmaMind',
    byDefault: textIn(before.host) || platformSipHost,
    judge: (answer) => (/^[A-Za-z0-9.-]+$/.test(answer) ? null : 'must be the name of a host'),
  });
  const transport = await ask.choose({
    key: `${id}.sip.transport`,
    message: 'How do the dialers reach it?',
    choices: [
      { value: 'udp', label: 'UDP', hint: 'the usual way of VICIdial; short headers' },
      { value: 'tcp', label: 'TCP', hint: 'room for longer headers' },
      { value: 'tls', label: 'TLS', hint: 'encrypted' },
    ],
    byDefault: before.transport === 'tcp' || before.transport === 'tls' ? before.transport : 'udp',
  });
  const usual = transport === 'tls' ? 5061 : 5060;
  const port = await ask.text({
    key: `${id}.sip.port`,
    message: 'On which port?',
    byDefault: String(before.transport === transport && before.port ? before.port : usual),
    judge: (answer) =>
      /^\d{1,5}$/.test(answer) && Number(answer) > 0 && Number(answer) < 65_536 ? null : 'must be a port',
  });
  const concurrency = await ask.text({
    key: `${id}.concurrency`,
    message: 'How many calls at once does your contract with SigmaMind allow? Empty when you do not know',
    byDefault: present.concurrency === undefined ? '' : String(present.concurrency),
    judge: (answer) => (answer === '' || /^[1-9]\d{0,4}$/.test(answer) ? null : 'must be a number, or empty'),
  });
  return {
    sip: { host, port: Number(port), transport },
    concurrency: concurrency === '' ? undefined : Number(concurrency),
  };
}

async function askWebhook(ask: Asker, site: Site, present: Readonly<Record<string, unknown>>) {
  const before = fieldsIn(present.webhook);
  const { preset } = fieldsIn(before.signature);
  const chosen = await ask.choose({
    key: `${site.id}.signature`,
    message: 'How are the events of SigmaMind signed? It is not documented; the first delivery shows it (capture)',
    choices: [
      { value: 'hmac', label: 'HMAC-SHA256 of the body', hint: 'take this when you do not know' },
      { value: 'standard-webhooks', label: 'Standard Webhooks' },
      { value: 'none', label: 'not at all', hint: 'only the token in the URL proves the sender' },
    ],
    byDefault: preset === 'standard-webhooks' || preset === 'none' ? preset : 'hmac',
  });
  const tokens = listIn(before.tokens);
  const isSame = (typeof preset === 'string' ? preset : 'hmac') === chosen && before.signature !== undefined;
  return {
    tokens: tokens.length > 0 ? tokens : [site.keepSecret(secretName(site.id, 'EVENT_TOKEN'), newToken(site))],
    // The rule may have been refined since: it stays as it is unless another kind is chosen.
    ...(!isSame && { signature: chosen === 'none' ? { preset: chosen, insecure: true } : { preset: chosen } }),
  };
}

async function askInbound(ask: Asker, site: Site, present: Readonly<Record<string, unknown>>) {
  const before = listIn(fieldsIn(present.inboundCall).tokens);
  const isWanted = await ask.confirm({
    key: `${site.id}.inboundCall`,
    message: 'Do calls reach SigmaMind by a carrier, which loses the SIP headers (Five9, method B)?',
    byDefault: before.length > 0,
  });
  if (!isWanted) return { tokens: [] };
  return {
    tokens: before.length > 0 ? before : [site.keepSecret(secretName(site.id, 'INBOUND_TOKEN'), newToken(site))],
  };
}

function newToken({ deps }: Site): string {
  return `${deps.newId()}${deps.newId()}`.replace(/[^A-Za-z0-9]/g, '').padEnd(32, '0');
}

function secretName(id: string, what: string): string {
  return `${id}_${what}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function listIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function fieldsIn(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
}
