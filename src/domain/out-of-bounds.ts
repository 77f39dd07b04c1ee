/** A network as `address/bits`. */
export type Network = `${string}/${number}`;

/**
 * Where nothing of ours ever connects to, whoever names it: link-local addresses, at which clouds hand out the machine's own
 * credentials, and the places where some clouds do the same outside of that range.
 */
export const neverReached: readonly Network[] = [
  '169.254.0.0/16',
  'fe80::/10',
  // The same IPv4 range in the forms of IPv6 that carry it: NAT64 and 6to4.
  '64:ff9b::a9fe:0/112',
  '2002:a9fe::/32',
  // Metadata by IPv6 (AWS), and of Alibaba, Oracle and Azure by IPv4.
  'fd00:ec2::254/128',
  '100.100.100.200/32',
  '192.0.0.192/32',
  '168.63.129.16/32',
];

const insideOfIPv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
] as const satisfies readonly Network[];

/** Networks of a house: the configuration may name what lives there, nobody else may. */
export const insideOnly: readonly Network[] = [
  ...insideOfIPv4,
  // The same by NAT64. The rest of that range is the whole internet, as a house without IPv4 sees it.
  ...insideOfIPv4.map(byNat64),
  '::/127',
  'fc00::/7',
  'ff00::/8',
  '64:ff9b:1::/48',
  '2002::/16',
];

function byNat64(network: Network): Network {
  const [address = '', bits] = network.split('/');
  return `64:ff9b::${address}/${96 + Number(bits)}`;
}
