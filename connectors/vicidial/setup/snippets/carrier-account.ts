import { placeholders, placeholdersIn, type Site, type Snippet } from './site.ts';

const ports = { udp: 5060, tcp: 5060, tls: 5061 } as const;

/** The account entry of the carrier: where the platform's SIP server is, and how it is spoken to. */
export function accountSnippet(site: Site): Snippet {
  const { tech, transport } = site.config.carrier;
  const isSip = tech === 'chan_sip';
  const text = isSip ? sipAccount(site) : pjsipAccount(site);
  const left = placeholdersIn(text);
  return {
    name: 'carrier-account',
    where: `Admin, Carriers, the same carrier: Account Entry, with Protocol ${isSip ? 'SIP' : 'PJSIP'}, Server IP all servers`,
    text,
    notes: [
      ...(isSip ? sipNotes(transport) : pjsipNotes(transport)),
      ...(transport === 'udp'
        ? ['Over UDP all X- headers together must stay within 300 bytes (headerBudget.bytes).']
        : ['Over TCP and TLS 2000 bytes of X- headers are fine (headerBudget.bytes).']),
      ...srtpNotes(site.config.carrier),
      'Let the dialers through to that host and port, and the voice (UDP, rtpstart to rtpend of rtp.conf) both ways: a closed way is heard as one-way audio.',
      'ulaw is the codec of the telephone network: nothing has to be converted between your carrier and the platform.',
      ...(left.length > 0 ? [`Replace ${left.join(' and ')} by the SIP server of the platform.`] : []),
    ],
  };
}

function sipAccount({ config }: Site): string {
  const { peer, host = placeholders.sipHost, transport, srtp } = config.carrier;
  return [
    `[${peer}]`,
    'type=peer',
    `host=${host}`,
    `port=${ports[transport]}`,
    `transport=${transport}`,
    ...(srtp ? ['encryption=yes'] : []),
    'context=trunkinbound',
    'insecure=port,invite',
    'disallow=all',
    'allow=ulaw',
    'dtmfmode=rfc2833',
    'directmedia=no',
    'trustrpid=no',
    'sendrpid=no',
  ].join('\n');
}

function pjsipAccount({ config }: Site): string {
  const { peer, host = placeholders.sipHost, transport, srtp } = config.carrier;
  // A bare semicolon would begin a comment.
  const parameter = transport === 'udp' ? '' : `\\;transport=${transport}`;
  return [
    `[${peer}]`,
    'type=aor',
    `contact=sip:${host}:${ports[transport]}${parameter}`,
    '',
    `[${peer}]`,
    'type=endpoint',
    `aors=${peer}`,
    `transport=transport-${transport}`,
    ...(srtp ? ['media_encryption=sdes'] : []),
    'context=trunkinbound',
    'disallow=all',
    'allow=ulaw',
    'dtmf_mode=rfc4733',
    'direct_media=no',
    'trust_id_inbound=no',
  ].join('\n');
}

function sipNotes(transport: keyof typeof ports): string[] {
  if (transport === 'udp') return [];
  const trusted =
    "sip.conf needs tlscafile or tlscadir too: the platform's certificate is held against it, and refused without it.";
  return [
    `transport=${transport} needs ${transport}enable=yes in sip.conf.`,
    ...(transport === 'tls' ? [trusted] : []),
  ];
}

function pjsipNotes(transport: keyof typeof ports): string[] {
  const escaped = 'The backslash before the semicolon must stay: look again after saving.';
  return [
    ...(transport === 'udp' ? [] : [escaped]),
    `transport-${transport} is the name of a ${transport.toUpperCase()} transport in pjsip.conf.`,
  ];
}

function srtpNotes({ srtp, transport }: Site['config']['carrier']): string[] {
  if (!srtp) return [];
  const inTheClear = 'Without transport tls the keys of the voice travel in the clear.';
  return ['SRTP needs the module res_srtp of Asterisk.', ...(transport === 'tls' ? [] : [inTheClear])];
}
