import type { Asker } from '../../../src/domain/setup.ts';
import { hostOfUri, isPlatformHost } from './checks/numbers.ts';
import type { Workspace } from './workspace.ts';

interface Answered {
  number: string;
  agentId: string;
  agentName: string;
}

interface AnsweredNumber {
  agentId: string;
  terminationUri?: string | undefined;
  name?: string | undefined;
}

const e164 = /^\+[1-9][0-9]{6,14}$/;

/** Asks which numbers the dialers send calls to, registered ones and new ones, and who answers each. */
export async function askNumbers(
  ask: Asker,
  id: string,
  present: Readonly<Record<string, unknown>>,
  workspace: Workspace | null,
): Promise<{ numbers: Record<string, AnsweredNumber | undefined>; answered: Answered[] }> {
  const before = numbersIn(present);
  const registered = (workspace?.numbers ?? []).filter(({ sipPhoneNumber }) => e164.test(sipPhoneNumber));
  const known = registered.map(({ sipPhoneNumber }) => sipPhoneNumber);
  const chosen =
    registered.length === 0
      ? []
      : await ask.chooseSome({
          key: `${id}.useNumbers`,
          message: 'Which registered numbers shall dialers send calls to?',
          choices: registered.map(({ sipPhoneNumber: value, friendlyName, inboundAgentId }) => ({
            value,
            label: friendlyName ? `${value} ${friendlyName}` : value,
            hint: inboundAgentId ? `answered by ${inboundAgentId}` : 'answered by nobody',
          })),
          byDefault: Object.keys(before).length > 0 ? known.filter((number) => number in before) : known,
        });
  const further = await ask.text({
    key: `${id}.newNumbers`,
    message: 'Numbers that are not registered yet, such as +19895551234, with commas between them; empty for none',
    byDefault: Object.keys(before)
      .filter((number) => !known.includes(number))
      .join(', '),
    judge: (answer) =>
      listOf(answer).every((number) => e164.test(number)) ? null : 'must be numbers such as +19895551234',
  });

  // What is not chosen any more is taken out.
  const numbers: Record<string, AnsweredNumber | undefined> = Object.fromEntries(
    Object.keys(before).map((number) => [number, undefined]),
  );
  const answered: Answered[] = [];
  const suggested = usualUri(workspace);
  for (const number of new Set([...chosen, ...listOf(further)])) {
    const row = registered.find(({ sipPhoneNumber }) => sipPhoneNumber === number);
    const agent = await askAgent(
      ask,
      `${id}.numbers.${number}`,
      number,
      before[number]?.agentId || row?.inboundAgentId || '',
      workspace,
    );
    const heldUri = before[number]?.terminationUri || row?.terminationSipURI || '';
    const uri = heldUri && !isPlatformHost(heldUri, '') ? heldUri : suggested;
    const terminationUri = await ask.text({
      key: `${id}.numbers.${number}.terminationUri`,
      message: `SIP termination URI of your carrier for ${number} (not SigmaMind's server)`,
      ...(uri && { byDefault: uri }),
      judge: judgeUri,
    });
    const name = await ask.text({
      key: `${id}.numbers.${number}.name`,
      message: `Name of ${number} in the dashboard`,
      byDefault: before[number]?.name || row?.friendlyName || number,
    });
    numbers[number] = { agentId: agent.agentId, terminationUri, name };
    answered.push({ number, ...agent });
  }
  return { numbers, answered };
}

async function askAgent(
  ask: Asker,
  key: string,
  number: string,
  byDefault: string,
  workspace: Workspace | null,
): Promise<{ agentId: string; agentName: string }> {
  const agents = workspace?.agents ?? [];
  const message = `Which agent answers ${number}?`;
  if (agents.length === 0) {
    const agentId = await ask.text({
      key: `${key}.agentId`,
      message: `${message} Its ID is in the address of its page in the dashboard`,
      ...(byDefault && { byDefault }),
      judge: (answer) => (/^\S{1,64}$/.test(answer) ? null : 'must be the ID of an agent'),
    });
    return { agentId, agentName: agentId };
  }
  const agentId = await ask.choose({
    key: `${key}.agentId`,
    message,
    choices: agents.map((agent) => ({
      value: agent.agentId,
      label: agent.agentName || agent.agentId,
      hint: agent.status,
    })),
    ...(agents.some((agent) => agent.agentId === byDefault) && { byDefault }),
  });
  return { agentId, agentName: agents.find((agent) => agent.agentId === agentId)?.agentName || agentId };
}

function judgeUri(answer: string): string | null {
  if (hostOfUri(answer) === '') return 'must be the address from your carrier, such as f111.dialmake.com';
  return isPlatformHost(answer, '') ? "is SigmaMind's own server: enter the address of your carrier" : null;
}

/** What most of the registered numbers have. */
function usualUri(workspace: Workspace | null): string {
  const uris = (workspace?.numbers ?? []).map(({ terminationSipURI }) => terminationSipURI);
  const good = uris.filter((uri) => hostOfUri(uri) !== '' && !isPlatformHost(uri, ''));
  const count = (uri: string) => good.filter((other) => other === uri).length;
  return [...good].sort((a, b) => count(b) - count(a))[0] ?? '';
}

function numbersIn({ numbers }: Readonly<Record<string, unknown>>): Record<string, Partial<AnsweredNumber>> {
  if (numbers === null || typeof numbers !== 'object') return {};
  return Object.fromEntries(
    Object.entries(numbers).filter(
      (entry): entry is [string, object] => entry[1] !== null && typeof entry[1] === 'object',
    ),
  );
}

function listOf(answer: string): string[] {
  return answer.split(/[,\s]+/).filter((number) => number !== '');
}
