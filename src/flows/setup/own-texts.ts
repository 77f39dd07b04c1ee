import type { OwnFacts } from './own-steps.ts';

/** A unit for systemd, and the way with containers. */
export function serviceText(facts: OwnFacts): string {
  const { folder, node, program, configFile, secretsFile, written, host, port } = facts;
  return [
    'It gets a user of its own, to whom its files belong. As root:',
    '',
    '    useradd --system --user-group --shell /usr/sbin/nologin patchbay',
    `    mkdir -p ${written.join(' ')}`,
    `    chown -R patchbay: ${written.join(' ')}`,
    `    chown patchbay: ${configFile} ${secretsFile}`,
    '',
    'Then as `/etc/systemd/system/patchbay.service`:',
    '',
    '```ini',
    '[Unit]',
    'Description=Patchbay',
    'After=network-online.target',
    'Wants=network-online.target',
    '',
    '[Service]',
    'User=patchbay',
    `WorkingDirectory=${folder}`,
    `ExecStart=${node} ${program} --config ${configFile} serve`,
    'Restart=always',
    'RestartSec=2',
    'TimeoutStopSec=30',
    'NoNewPrivileges=true',
    'ProtectSystem=strict',
    'PrivateTmp=true',
    `ReadWritePaths=${written.join(' ')}`,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '```',
    '',
    '    systemctl daemon-reload && systemctl enable --now patchbay',
    `    curl -fsS http://${localHost(host)}:${port}/readyz`,
    '',
    `It reads \`${secretsFile}\` by itself. Run commands that write Patchbay's own data, such as \`sync\`, as its user too: \`sudo -u patchbay npx patchbay …\`.`,
    '',
    'For a machine of its own, `deploy/patchbay.service` is the same, closed further; `docs/operations.md` leads through it, and through',
    'the containers of `docker-compose.yml`.',
  ].join('\n');
}

/** Who must reach whom. */
export function networkText({ publicUrl, host, port, store, dialers, asking }: OwnFacts): string {
  const { hostname, port: named, protocol } = new URL(publicUrl);
  const publicPort = named || (protocol === 'https:' ? '443' : '80');
  return [
    '| From | To | For |',
    '| --- | --- | --- |',
    `| the AI platform, the dialers | \`${hostname}\`, TCP ${publicPort} | events, tools, the scripts' questions |`,
    `| the proxy with TLS | \`${host}:${port}\` | the same, handed on |`,
    '| Patchbay | the AI platform, TCP 443 | its API |',
    ...dialers.map(
      (id) => `| Patchbay | the addresses in \`dialers.${id}\` of the configuration | what it reads and writes there |`,
    ),
    ...(store.kind === 'database' ? [`| Patchbay | ${store.name} | its own data |`] : []),
    ...asking.map(
      (id) =>
        `| the servers of \`${id}\`, by a private network | the address at which \`dialers.${id}\` listens | questions of its dialplan |`,
    ),
    '',
    'Nothing else needs to come in. The ways of the calls themselves (SIP and RTP from your telephone servers or carrier to the',
    "platform's SIP server) do not lead through Patchbay; they stand with the steps of the dialers.",
  ].join('\n');
}

/** A proxy that ends TLS. */
export function proxyText({ publicUrl, host, port }: OwnFacts): string {
  const { hostname } = new URL(publicUrl);
  const isOpen = !publicUrl.startsWith('https:');
  return [
    ...(isOpen
      ? [`\`${publicUrl}\` is not encrypted: use it for a trial only, and https for calls of customers.`, '']
      : []),
    `\`${hostname}\` must lead to a proxy with a certificate that the whole world accepts, intermediate certificates included.`,
    'With nginx:',
    '',
    '```nginx',
    'server {',
    '  listen 443 ssl;',
    `  server_name ${hostname};`,
    `  ssl_certificate     /etc/letsencrypt/live/${hostname}/fullchain.pem;`,
    `  ssl_certificate_key /etc/letsencrypt/live/${hostname}/privkey.pem;`,
    '  access_log off;  # addresses carry tokens and numbers',
    '  client_max_body_size 256k;',
    '  location / {',
    `    proxy_pass http://${localHost(host)}:${port};`,
    '    proxy_http_version 1.1;',
    '    proxy_set_header Connection "";',
    '    proxy_set_header X-Forwarded-For $remote_addr;',
    '    proxy_set_header X-Forwarded-Proto $scheme;',
    '    proxy_read_timeout 30s;',
    '  }',
    '  location /metrics { return 404; }  # for Prometheus within, not for the world',
    '}',
    '```',
    '',
    'and `trustedProxies: [loopback]` under `server:` in the configuration. Then, from outside:',
    '',
    `    curl -fsS ${publicUrl}/livez`,
  ].join('\n');
}

function localHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}
