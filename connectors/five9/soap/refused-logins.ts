import { createHash } from 'node:crypto';

/** Whether Five9 refused a log-in since this process began. */
export interface RefusedLogin {
  readonly isRefused: boolean;
  note(): void;
}

/** Hashes of the log-ins that Five9 refused: it locks accounts, so none is tried twice, however often an instance is made anew. */
const refused = new Set<string>();

/** A password that was changed is another log-in. */
export function refusedLogin(host: string, { user, password }: { user: string; password: string }): RefusedLogin {
  const key = createHash('sha256')
    .update(JSON.stringify([host, user, password]))
    .digest('hex');
  return {
    get isRefused() {
      return refused.has(key);
    },
    note() {
      refused.add(key);
    },
  };
}
