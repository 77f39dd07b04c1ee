import { askWhoIsThere, type WhoIsThere } from '../doctor/site-checks/ask-who-is-there.ts';

/** Where the running service answered; `why` when it did not. */
export type ServiceAnswer = { kind: 'runs'; url: string; note: string } | { kind: 'away'; why: string };

/**
 * Asks whether the service runs: at its public URL, else at its own address, for not every network lets a machine reach its
 * own public name.
 */
export async function askService({ publicUrl, localUrl }: { publicUrl: string; localUrl: string }) {
  const atPublic = publicUrl ? await askWhoIsThere(publicUrl) : noAddress;
  if (atPublic.kind === 'patchbay') return { kind: 'runs', url: publicUrl, note: '' } satisfies ServiceAnswer;
  const atLocal = await askWhoIsThere(localUrl);
  if (atLocal.kind !== 'patchbay') {
    const why = `${publicUrl || 'server.publicUrl'}: ${atPublic.what}; ${localUrl}: ${atLocal.what}`;
    return { kind: 'away', why } satisfies ServiceAnswer;
  }
  const note = `The service answers at ${localUrl}, but from here not at ${publicUrl || 'server.publicUrl'} (${atPublic.what}): dialer and platform need the public URL.`;
  return { kind: 'runs', url: localUrl, note } satisfies ServiceAnswer;
}

const noAddress: WhoIsThere = { kind: 'nobody', code: '', what: 'no address is configured' };
