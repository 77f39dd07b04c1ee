/** What a carrier's account entry says of one peer or endpoint. Log-ins are left out before anybody sees them. */
export interface PeerFacts {
  name: string;
  /** Host that calls go to; empty when it is not told. */
  host: string;
  transport: 'udp' | 'tcp' | 'tls' | 'unknown';
}

/** Reads sections and keys; PJSIP spreads one peer over several sections of its name. */
export function readPeers(account: string): PeerFacts[] {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const raw of account.split(/\r?\n/)) {
    const line = raw.replace(/(?<!\\);.*$/, '').trim();
    const name = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (name !== undefined) {
      current = sections.get(name) ?? new Map<string, string>();
      sections.set(name, current);
      continue;
    }
    const pair = /^([A-Za-z_]+)\s*=>?\s*(.*)$/.exec(line);
    if (pair) current.set((pair[1] ?? '').toLowerCase(), (pair[2] ?? '').replaceAll('\\;', ';').trim());
  }
  return [...sections].map(([name, keys]) => ({ name, host: hostOf(keys), transport: transportOf(keys) }));
}

function hostOf(keys: ReadonlyMap<string, string>): string {
  const contact = keys.get('contact') ?? keys.get('remote_hosts') ?? '';
  const address = keys.get('host') ?? contact.replace(/^sips?:/, '');
  return (address.replace(/^[^@]*@/, '').split(/[:;,\s]/, 1)[0] ?? '').toLowerCase();
}

/** Asterisk speaks UDP unless told otherwise; of PJSIP the name of the transport tells as a rule. */
function transportOf(keys: ReadonlyMap<string, string>): PeerFacts['transport'] {
  const contact = /;transport=(\w+)/i.exec(keys.get('contact') ?? '')?.[1];
  const said = (contact ?? keys.get('transport') ?? '').toLowerCase();
  const known = (['tls', 'tcp', 'udp'] as const).find((name) => said.split(/[^a-z]+/).includes(name));
  if (known) return known;
  const isPeer = ['peer', 'friend'].includes(keys.get('type') ?? '') || keys.has('contact');
  return said === '' && isPeer ? 'udp' : 'unknown';
}
