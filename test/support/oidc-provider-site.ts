import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Provider } from 'oidc-provider';
import { createBrowser } from './cookie-browser.ts';

export const client = { id: 'patchbay', secret: 'a-secret-between-the-two-of-us' };
const ttlSec = 600;

export interface OidcProviderSite {
  issuer: string;
  /** What was asked of it, as paths. */
  asked: string[];
  /** Where our site is: the provider sends nobody elsewhere. */
  trust(siteUrl: string): void;
  /** Logs somebody in at the provider, who agrees to everything, and gives where it sends them at the end. */
  visit(startUrl: string, login: string): Promise<string>;
  stop(): Promise<void>;
}

/**
 * A real provider of identities. Claims come by its userinfo, unless they are in the token. Who comes by a browser logs in
 * on its page, with a login alone.
 *
 * @param people claims by login
 * @param host by which name of this machine it is called: under `localhost` it is another site than ours
 */
export async function startOidcProvider(
  people: Readonly<Record<string, Record<string, unknown>>>,
  {
    hasClaimsInToken = false,
    port = 0,
    host = '127.0.0.1',
  }: { hasClaimsInToken?: boolean; port?: number; host?: string } = {},
): Promise<OidcProviderSite> {
  const asked: string[] = [];
  let provider: Provider | undefined;
  let visitor = '';
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://x');
    asked.push(pathname);
    if (pathname.startsWith('/interaction/')) void interact(request, response);
    else void provider?.callback()(request, response);
  });
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const issuer = `http://${host}:${(server.address() as AddressInfo).port}`;
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

  /** In the place of its pages: whoever visits, or says who they are, is logged in and agrees. */
  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!provider) return;
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') {
      const login = visitor || new URLSearchParams(await text(request)).get('login');
      if (!login) return void response.setHeader('content-type', 'text/html').end(logInPage);
      return provider.interactionFinished(request, response, { login: { accountId: login } });
    }
    const grant = new provider.Grant({ accountId: session?.accountId, clientId: String(params.client_id) });
    grant.addOIDCScope(String(params.scope));
    await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  }

  return {
    issuer,
    asked,
    trust(siteUrl) {
      provider = quietly(
        () =>
          new Provider(issuer, {
            clients: [
              {
                client_id: client.id,
                client_secret: client.secret,
                redirect_uris: [`${siteUrl}/console/oidc/callback`],
                post_logout_redirect_uris: [`${siteUrl}/console/log-in`],
                response_types: ['code'],
                grant_types: ['authorization_code'],
                id_token_signed_response_alg: 'ES256',
              },
            ],
            jwks: { keys: [{ ...key, use: 'sig', alg: 'ES256', kid: 'one' }] } as never,
            cookies: { keys: ['a-key-of-the-cookies'] },
            claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'] },
            conformIdTokenClaims: !hasClaimsInToken,
            pkce: { required: () => true },
            features: { devInteractions: { enabled: false }, rpInitiatedLogout: { logoutSource } },
            interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
            ttl: { Interaction: ttlSec, Session: ttlSec, Grant: ttlSec, AccessToken: ttlSec, IdToken: ttlSec },
            findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
          }),
      );
    },
    async visit(startUrl, login) {
      visitor = login;
      const browser = createBrowser(issuer);
      let at = await browser.get(startUrl);
      while (at.location.startsWith('/') || at.location.startsWith(issuer)) at = await browser.get(at.location);
      if (!at.location) throw new Error(`the provider stopped with ${at.status}: ${at.text.slice(0, 300)}`);
      return at.location;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

const logInPage = `<!doctype html><html lang="en"><title>Company log-in</title><h1>Company log-in</h1>
<form method="post"><label>Login <input name="login"></label> <button>Sign in</button></form>`;

/** The provider's question whether its own session is to end as well. */
function logoutSource(context: { body: unknown }, form: string): void {
  context.body = `<!doctype html><html lang="en"><title>Company log-out</title><h1>Company log-out</h1>
${form}<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>`;
}

/** It warns of its memory, which is all that a test needs. */
function quietly<T>(make: () => T): T {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return make();
  } finally {
    console.warn = warn;
  }
}
