import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createApi } from '../../../connectors/five9/soap/api.ts';
import { nobodysLease } from '../../../src/domain/lease.ts';
import { openTracing } from '../../../src/tracing/open-tracing.ts';
import { type ReceivedSpan, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { realClock } from '../../support/real-clock.ts';
import { configOf, silentLog } from './cast.ts';
import { answerXml, startSoapStub } from './soap-stub.ts';

it('belongs to the trace of whoever asked, though another call began the turn of the user', async () => {
  const receiver = await startOtlpReceiver();
  const settings = { endpoint: receiver.url, headers: {}, sampleRatio: 1, serviceName: 'patchbay' };
  const tracing = openTracing(settings, { version: '0.0.0', log: silentLog });
  const stub = await startSoapStub((operation) => ({ body: answerXml(operation, ''), delayMs: 20 }));
  const deps = {
    ...{ clock: realClock, log: silentLog, newId: randomUUID, random: () => 0, tracing },
    readCursor: async () => '',
    writeCursor: async () => undefined,
    withLease: <T>(_name: string, work: (signal: AbortSignal, lease: typeof nobodysLease) => Promise<T>) =>
      work(new AbortController().signal, nobodysLease),
  };
  const users = [{ user: 'ada@example', password: 'engine' }];
  const api = createApi(deps, 'five9', configOf({ soap: { host: stub.url, users, timeoutMs: 2000 } }));

  await Promise.all([
    tracing.run({ name: 'one call' }, () => api.checkDnc(['2125550101'])),
    tracing.run({ name: 'another call' }, () => api.dispositions()),
  ]);
  await api.close();
  await stub.stop();
  await tracing.close(2000);
  await receiver.stop();

  const named = (name: string) => receiver.spans.find((span) => span.name === name);
  const requestOf = (span: ReceivedSpan | undefined) =>
    receiver.spans.find(({ name, parentSpanId }) => name === 'HTTP POST' && parentSpanId === span?.spanId);
  const pairs = [
    ['one call', 'checkDncForNumbers'],
    ['another call', 'getDispositions'],
  ] as const;
  for (const [call, operation] of pairs) {
    const soap = named(`SOAP ${operation}`);
    const heard = stub.requests.find((request) => request.operation === operation)?.headers.traceparent;
    expect(soap).toMatchObject({ traceId: named(call)?.traceId, parentSpanId: named(call)?.spanId });
    expect(heard).toBe(`00-${soap?.traceId}-${requestOf(soap)?.spanId}-01`);
  }
  expect(receiver.bodies.join('')).not.toMatch(/2125550101|engine|ada@/);
});
