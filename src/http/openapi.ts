import { type ZodObject, z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import * as controls from './control-schemas.ts';
import * as schemas from './schemas.ts';

const keyed: Record<string, string[]>[] = [{ basic: [] }, { bearer: [] }, { apiKey: [] }];

/** The OpenAPI 3.1 description of every endpoint, made from the schemas. */
export function createOpenApi(settings: { publicUrl: string; version: string }) {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Patchbay',
      version: settings.version,
      description: 'Connects dialers to a voice AI platform: calls are registered, outcomes fetched and written back.',
    },
    servers: [{ url: settings.publicUrl }],
    paths: { ...ivrPaths(), ...platformPaths(), ...controlPaths(), ...servicePaths() },
    components: {
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: "User: the client's name. Password: the key." },
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
  });
}

function ivrPaths(): ZodOpenApiPathsObject {
  return {
    ...ivrPath(
      'register',
      'Registers a call and answers its correlation ID and headers',
      schemas.RegisterRequest,
      schemas.RegisterAnswer,
    ),
    ...ivrPath(
      'outcome',
      'The outcome of a call; waits a little when it is not there yet',
      schemas.OutcomeRequest,
      schemas.OutcomeAnswer,
    ),
    ...ivrPath(
      'context',
      'What to show the agent to whom the AI transferred a customer',
      schemas.ContextRequest,
      schemas.OutcomeAnswer,
    ),
    ...ivrPath(
      'headers',
      "A call's SIP headers for Asterisk's CURL(), as ARRAY, HASH or JSON",
      schemas.HeadersRequest,
      null,
    ),
  };
}

function ivrPath(name: string, summary: string, request: ZodObject, answer: ZodObject | null): ZodOpenApiPathsObject {
  const content = answer
    ? { 'application/json': { schema: answer }, 'text/plain': {}, 'text/xml': {} }
    : { 'text/plain': {}, 'application/json': {} };
  const operation = (method: 'get' | 'post'): ZodOpenApiOperationObject => ({
    operationId: `${method}${name[0]?.toUpperCase()}${name.slice(1)}`,
    summary,
    security: keyed,
    requestParams: { path: dialerPath, ...(method === 'get' && { query: request }) },
    ...(method === 'post' && {
      requestBody: {
        content: { 'application/x-www-form-urlencoded': { schema: request }, 'application/json': { schema: request } },
      },
    }),
    responses: {
      '200': { description: 'Always, once the key is right', content },
      '401': problem('The key is missing or wrong'),
    },
  });
  return { [`/v1/ivr/{dialer}/${name}`]: { get: operation('get'), post: operation('post') } };
}

function platformPaths(): ZodOpenApiPathsObject {
  return {
    '/v1/platforms/{platform}/events/{token}': {
      post: {
        operationId: 'postEvent',
        summary: 'A webhook of the AI platform; the signature is over the raw bytes',
        requestParams: { path: platformPath.extend({ token: Token }) },
        requestBody: { content: { 'application/json': {} } },
        responses: {
          '200': { description: 'Kept', content: { 'application/json': { schema: schemas.EventAnswer } } },
          '400': problem('Authentic, but unreadable'),
          '401': problem('Token or signature is wrong'),
          '503': problem('Not kept: send it again'),
        },
      },
    },
    ...toolPath(
      'commit-outcome',
      'commitOutcome',
      'The AI agent says how the call ends, before it hangs up or transfers',
      schemas.CommitRequest,
    ),
    ...toolPath(
      'transfer',
      'transferCall',
      'The AI agent hands the customer to people; safe to repeat',
      schemas.TransferRequest,
    ),
    ...toolPath(
      'end-call',
      'endCall',
      'The AI agent ends the call in the dialer, with the committed outcome or the one that comes along',
      schemas.EndCallRequest,
    ),
    ...toolPath(
      'find-lead',
      'findLead',
      'The AI agent asks who the customer is; told are only the configured fields',
      schemas.FindLeadRequest,
    ),
    ...toolPath(
      'schedule-callback',
      'scheduleCallback',
      'The AI agent arranges a callback within the calling hours, or hears times that would do; safe to repeat',
      schemas.ScheduleCallbackRequest,
    ),
    '/v1/platforms/{platform}/inbound-call/{token}': {
      post: {
        operationId: 'inboundCall',
        summary: 'What to tell the agent about a call that comes in',
        requestParams: { path: platformPath.extend({ token: Token }) },
        requestBody: { content: { 'application/json': {} } },
        responses: { '200': { description: 'Variables for the agent' }, '401': problem('The token is wrong') },
      },
    },
  };
}

function toolPath(name: string, operationId: string, summary: string, request: ZodObject): ZodOpenApiPathsObject {
  const operation: ZodOpenApiOperationObject = {
    operationId,
    summary,
    security: keyed,
    requestParams: { path: platformPath },
    requestBody: { content: { 'application/json': { schema: request } } },
    responses: {
      '200': {
        description: 'Kept and done, or what to say instead',
        content: { 'application/json': { schema: schemas.ToolAnswer } },
      },
      '401': problem('The key is missing or wrong'),
      '503': problem('Not kept: send it again'),
    },
  };
  return { [`/v1/platforms/{platform}/tools/${name}`]: { post: operation } };
}

/** For operators' own programs. */
function controlPaths(): ZodOpenApiPathsObject {
  const answers = (description: string, schema: ZodObject) => ({
    '200': { description, content: { 'application/json': { schema } } },
    '400': problem('Not usable as it is: the detail says why'),
    '401': problem('The key is missing, wrong, or not an operator’s'),
    '503': problem('The store did not answer: ask again'),
  });
  return {
    '/v1/controls': {
      get: {
        operationId: 'getControls',
        summary: 'What people in charge have decided live: pauses, stages, shares',
        security: keyed,
        responses: answers('All of them', controls.ControlsAnswer),
      },
      put: {
        operationId: 'putControl',
        summary: 'Sets a control in the place of that of its kind and scope; holds on every process within a second',
        security: keyed,
        requestBody: { content: { 'application/json': { schema: controls.ControlWish } } },
        responses: answers('Set', controls.ControlSet),
      },
      delete: {
        operationId: 'deleteControl',
        summary: 'Lifts the control of a kind and scope; what a pause held back goes out in order',
        security: keyed,
        requestParams: { query: controls.ControlName },
        responses: {
          ...answers('Lifted', z.object({ lifted: controls.ControlName })),
          '404': problem('None of this kind is set for exactly this scope'),
        },
      },
    },
  };
}

function servicePaths(): ZodOpenApiPathsObject {
  const plain = (operationId: string, summary: string): { get: ZodOpenApiOperationObject } => ({
    get: { operationId, summary, responses: { '200': { description: 'OK' } } },
  });
  return {
    '/livez': plain('livez', 'The process is alive'),
    '/readyz': plain('readyz', 'Intake works; 503 only while draining'),
    '/metrics': plain('metrics', 'For Prometheus'),
  };
}

function problem(description: string) {
  return { description, content: { 'application/problem+json': { schema: schemas.ProblemAnswer } } };
}

const InstanceId = z.string().meta({ description: 'Its id in the configuration' });
const Token = z.string().meta({ description: 'The unguessable part of the address' });
const dialerPath = z.object({ dialer: InstanceId });
const platformPath = z.object({ platform: InstanceId });
