import { z } from 'zod';
import type { ApiRequests } from './request.ts';
import { Id, Text, TextMap } from './values.ts';

/** One HTTP operation that an agent can call. A change speaks of `endpoint` and `accessType`: both spellings are read. */
export const Tool = z
  .object({
    toolId: Id,
    integrationId: Text,
    name: Text,
    description: Text,
    method: Text,
    url: Text,
    endpoint: Text,
    scope: Text,
    accessType: Text,
    bodyParams: TextMap,
  })
  .transform(({ endpoint, accessType, ...tool }) => ({
    ...tool,
    url: tool.url || endpoint,
    scope: (tool.scope || accessType).toLowerCase(),
  }));
export type Tool = z.infer<typeof Tool>;

export interface NewTool {
  /** snake_case, at most 128 characters. */
  name: string;
  /** Tells the language model when to call it; at most 1024 characters. */
  description: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers: readonly { key: string; value: string }[];
  queryParams: readonly { key: string; value: string }[];
  /** Values may hold `{{variable}}`. */
  bodyParams: Readonly<Record<string, string>>;
}

/** What a try-out of a tool brought. */
export const ToolRun = z.object({
  /** Of our answer; 0 when there was none. */
  statusCode: z
    .number()
    .nullish()
    .transform((status) => status ?? 0),
  success: z
    .boolean()
    .nullish()
    .transform((isGood) => isGood ?? false),
  responseBody: z.unknown(),
  errorMessage: Text,
});
export type ToolRun = z.infer<typeof ToolRun>;

export interface ToolsApi {
  createTool(integrationId: string, tool: NewTool): Promise<Tool>;
  getTool(integrationId: string, toolId: string): Promise<Tool | null>;
  updateTool(
    integrationId: string,
    toolId: string,
    change: Partial<NewTool> & { scope?: 'local' | 'community' },
  ): Promise<Tool>;
  /** ASSUMPTION: the reference shows no such thing. False when there was none, or the platform has no way for it. */
  deleteTool(integrationId: string, toolId: string): Promise<boolean>;
  /** Has the platform call the tool now, with these values. */
  executeTool(
    integrationId: string,
    toolId: string,
    run: { placeholders: Readonly<Record<string, string>>; authId?: string },
  ): Promise<ToolRun>;
}

export function toolsApi(requests: ApiRequests): ToolsApi {
  const tools = (integrationId: string, ...rest: string[]) => ['integrations', integrationId, 'tools', ...rest];
  return {
    createTool: (integrationId, tool) => requests.write('POST', tools(integrationId), tool, Tool),
    getTool: (integrationId, toolId) => requests.read(tools(integrationId, toolId), Tool),
    updateTool(integrationId, toolId, { url: endpoint, scope: accessType, ...change }) {
      const body = { ...change, ...(endpoint !== undefined && { endpoint }), ...(accessType && { accessType }) };
      return requests.write('PATCH', tools(integrationId, toolId), body, Tool);
    },
    deleteTool: (integrationId, toolId) => requests.remove(tools(integrationId, toolId)),
    executeTool: (integrationId, toolId, run) =>
      requests.write('POST', tools(integrationId, toolId, 'execute'), run, ToolRun),
  };
}
