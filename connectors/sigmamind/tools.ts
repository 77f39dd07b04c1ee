import type { Command } from '../../src/domain/connector.ts';
import { say } from '../shared/answers.ts';

/** A tool of an integration, as `POST /v1/integrations/{id}/tools` takes it, and as the dashboard asks for it. */
export interface ToolDefinition {
  name: string;
  /** By this the language model decides when to call it. */
  description: string;
  method: 'POST';
  url: string;
  headers: readonly { key: string; value: string }[];
  queryParams: readonly never[];
  bodyParams: Readonly<Record<string, string>>;
}

/** Names of the call, by which it is found; what the conversation has no variable for arrives empty. */
const names = ['correlation_id', 'caller_code', 'lead_id', 'call_id'];

const tools: readonly { name: string; path: string; description: string; body: readonly string[] }[] = [
  {
    name: 'commit_outcome',
    path: 'commit-outcome',
    description:
      'Tells how the call ends. Always call it before you end or transfer the call, and wait for the result. When the result says that the outcome is not known, take one of `allowed` and call it again. When it has `offers`, nobody may be called at `callback_at`: say them to the customer, and call it again with the `at` of the one they choose.',
    body: ['outcome', 'summary', 'callback_at'],
  },
  {
    name: 'transfer',
    path: 'transfer',
    description:
      'Hands the customer to people. `to` is the name of a group, empty for the usual one. Do what `say` in the result tells you; when `next` is stop, say nothing more.',
    body: ['to', 'summary'],
  },
  {
    name: 'end_call',
    path: 'end-call',
    description:
      'Ends the call. `outcome` only if it was not committed before. When `next` in the result is end_call, end the call yourself.',
    body: ['outcome', 'summary'],
  },
  {
    name: 'find_lead',
    path: 'find-lead',
    description:
      'Tells who the customer is. Call it without more for the customer of this call, or with what the customer says of themselves: `phone`, or `postal_code` together with `last_name`. When the result asks for one more mark, ask the customer for it, and call it again with all of them.',
    body: ['phone', 'postal_code', 'last_name'],
  },
  {
    name: 'schedule_callback',
    path: 'schedule-callback',
    description:
      'Arranges a callback. `when` is the day and the time that the customer wants, such as 2026-03-05T15:30, tomorrow at 3 pm, monday morning, or in 2 hours. Leave it empty to get times that would do. When the result has `offers`, say them to the customer, and call it again with the `at` of the one they choose.',
    body: ['when', 'summary'],
  },
];

/** The five tools with the addresses of this site. */
export function toolDefinitions(platformId: string, publicUrl: string): ToolDefinition[] {
  return tools.map(({ name, path, description, body }) => ({
    name,
    description,
    method: 'POST',
    url: `${publicUrl}/v1/platforms/${platformId}/tools/${path}`,
    headers: [{ key: 'Content-Type', value: 'application/json' }],
    queryParams: [],
    bodyParams: Object.fromEntries([...names, ...body].map((key) => [key, `{{${key}}}`])),
  }));
}

/** `tools`: what to enter on the platform, for an admin who copies it, or as bodies for its API with `--json`. */
export function toolsCommand(platformId: string, publicUrl: string): Command {
  return {
    name: 'tools',
    summary: "the agent's tools as the platform wants them entered, with this site's addresses",
    arguments: [{ name: 'tool', summary: 'only this one', isRequired: false }],
    isOffline: () => true,
    async run([wanted], _options, output) {
      const chosen = toolDefinitions(platformId, publicUrl).filter(({ name }) => !wanted || name === wanted);
      if (chosen.length === 0) {
        output.write(`There is no tool ${wanted}. There are: ${tools.map(({ name }) => name).join(', ')}`);
        return 1;
      }
      for (const tool of chosen) say(output, tool, linesOf(tool));
      if (!output.isJson)
        output.write('Authentication of the integration: BEARER_TOKEN, the key of a client that may: [tools].');
      return 0;
    },
  };
}

function linesOf({ name, description, method, url, headers, bodyParams }: ToolDefinition): string[] {
  return [
    `Name         ${name}`,
    `Description  ${description}`,
    `Endpoint     ${method} ${url}`,
    ...headers.map(({ key, value }) => `Header       ${key}: ${value}`),
    `Body         ${JSON.stringify(bodyParams)}`,
    '',
  ];
}
