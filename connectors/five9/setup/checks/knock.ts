import { messageOf } from '../../../../src/domain/errors.ts';
import type { Five9 } from '../../five9.ts';

/** What answers at the address of the web services to somebody who does not log in. */
export interface Door {
  /** Empty when something answers that may be Five9. */
  why: string;
  /** By the clock there (epoch ms), as the answer's header tells; null when it does not. */
  serverTime: number | null;
  /** By our clock, when the answer came. */
  ourTime: number;
}

/** Asks for the description of the service, which needs no password: so a wrong address costs no log-in. Never rejects. */
export async function knock({ config: { soap }, deps }: Five9): Promise<Door> {
  const url = `${soap.host.replace(/\/+$/, '')}/wsadmin/${soap.version}/AdminWebService?wsdl`;
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(soap.timeoutMs) });
    const ourTime = deps.clock.now();
    await answer.body?.cancel();
    const told = Date.parse(answer.headers.get('date') ?? '');
    return { why: whyNot(answer.status), serverTime: Number.isNaN(told) ? null : told, ourTime };
  } catch (error) {
    return { why: reasonOf(error), serverTime: null, ourTime: deps.clock.now() };
  }
}

/** What a stranger is told differs from region to region: only what can't be Five9's service counts. */
function whyNot(status: number): string {
  if (status >= 300 && status < 400) return `it sends requests on to another place (status ${status})`;
  if (status >= 502 && status <= 504) return `it answers that the service is away (status ${status})`;
  return '';
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && cause.name === 'TimeoutError') return 'no answer in time';
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code || messageOf(cause);
}
