import type { Configuration } from 'openid-client';
import { ConnectorError, messageOf } from '../../domain/errors.ts';
import type { Role } from '../../domain/roles.ts';
import type { ConsoleDeps, OidcSettings } from '../console-deps.ts';
import { createProviderFetch } from './provider-fetch.ts';
import { highestRole } from './session-keeper.ts';

const timeoutSec = 10;
const keepsMetadataMs = 3_600_000;
const mostClaims = 50;

export interface OidcUser {
  name: string;
  role: Role;
  /** The values of the role claim that give a role. */
  claims: readonly string[];
}

export interface OidcClient {
  /** Where the browser goes to log in. @param once names this one log-in: state, nonce and verifier follow from it */
  startUrl(once: string): Promise<string>;
  /** Who came back. @param query as the provider sent it, with its `?` */
  finish(once: string, query: string): Promise<OidcUser>;
  /** Where the session with the provider is ended; null where it knows no such place. */
  endUrl(): Promise<string | null>;
}

/** Code flow with PKCE, state and nonce. The provider is asked who it is at the first log-in, and once an hour then. */
export function createOidcClient(
  deps: Pick<ConsoleDeps, 'console' | 'keyedHash' | 'wallClock'>,
  settings: OidcSettings,
): OidcClient {
  const { publicUrl, users } = deps.console;
  const redirectUri = `${publicUrl}/console/oidc/callback`;
  let known: { configuration: Configuration; until: number } | undefined;
  let asking: Promise<Configuration> | undefined;

  async function provider(): Promise<Configuration> {
    if (known && deps.wallClock.now() < known.until) return known.configuration;
    // One question for all who come meanwhile: anybody can begin a log-in.
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  async function ask(): Promise<Configuration> {
    const { allowInsecureRequests, customFetch, discovery } = await import('openid-client');
    const isHere = settings.issuer.startsWith('http://') && isLoopback(new URL(settings.issuer).hostname);
    try {
      const configuration = await discovery(
        new URL(settings.issuer),
        settings.clientId,
        settings.clientSecret,
        undefined,
        // Without TLS only where nobody can listen.
        {
          timeout: timeoutSec,
          [customFetch]: createProviderFetch(settings.issuer),
          ...(isHere && { execute: [allowInsecureRequests] }),
        },
      );
      known = { configuration, until: deps.wallClock.now() + keepsMetadataMs };
      return configuration;
    } catch (cause) {
      throw new ConnectorError(
        'unauthorised',
        `the identity provider ${settings.issuer} does not say how to log in: ${reasonOf(cause)}`,
        {
          retryable: true,
          hint: `Look whether ${settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration opens on the machine of Patchbay, and whether console.oidc.issuer is written exactly as it says there.`,
          cause,
        },
      );
    }
  }

  const derived = (what: string, once: string) =>
    Buffer.from(deps.keyedHash(`console oidc ${what} ${once}`)).toString('base64url');

  return {
    async startUrl(once) {
      const configuration = await provider();
      const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import('openid-client');
      return buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: settings.scopes,
        response_type: 'code',
        code_challenge: await calculatePKCECodeChallenge(derived('verifier', once)),
        code_challenge_method: 'S256',
        state: derived('state', once),
        nonce: derived('nonce', once),
      }).href;
    },

    async finish(once, query) {
      const configuration = await provider();
      const { authorizationCodeGrant, fetchUserInfo } = await import('openid-client');
      try {
        const tokens = await authorizationCodeGrant(configuration, new URL(`${redirectUri}${query}`), {
          pkceCodeVerifier: derived('verifier', once),
          expectedState: derived('state', once),
          expectedNonce: derived('nonce', once),
          idTokenExpected: true,
        });
        const idToken = tokens.claims();
        if (!idToken) throw new Error('it sent no ID token');
        const isWhole = idToken[settings.nameClaim] !== undefined && idToken[settings.roleClaim] !== undefined;
        const hasMore = configuration.serverMetadata().userinfo_endpoint !== undefined;
        const more = isWhole || !hasMore ? {} : await fetchUserInfo(configuration, tokens.access_token, idToken.sub);
        return userOf(settings, users, { ...more, ...idToken });
      } catch (cause) {
        if (cause instanceof ConnectorError) throw cause;
        throw new ConnectorError('unauthorised', `the log-in at the identity provider failed: ${reasonOf(cause)}`, {
          hint: `Try again. If it happens each time, compare console.oidc with the provider's own entry: client ID, secret, and ${redirectUri} as its address to come back to.`,
          cause,
        });
      }
    },

    async endUrl() {
      const configuration = await provider();
      if (!configuration.serverMetadata().end_session_endpoint) return null;
      const { buildEndSessionUrl } = await import('openid-client');
      return buildEndSessionUrl(configuration, { post_logout_redirect_uri: `${publicUrl}/console/log-in` }).href;
    },
  };
}

type Claims = Readonly<Record<string, unknown>>;

/** A user of ours out of a provider's claims; rejects with what the operator, or the user, can do. */
function userOf(settings: OidcSettings, users: ConsoleDeps['console']['users'], claims: Claims): OidcUser {
  const { nameClaim, roleClaim, roles } = settings;
  const name = typeof claims[nameClaim] === 'string' ? claims[nameClaim].trim().toLowerCase() : '';
  if (!/^[^\p{Cc}\p{Cf}]{1,64}$/u.test(name)) {
    throw denied(`the provider tells no name: the claim "${nameClaim}" is missing, or not a short text`, {
      hint: 'Have the provider send it, or name another in console.oidc.nameClaim.',
    });
  }
  if (nameClaim === 'email' && claims.email_verified === false) {
    throw denied('the provider has not verified your e-mail address', {
      hint: 'Have it verified there, and try again.',
    });
  }
  if (Object.hasOwn(users, name)) {
    throw denied('a user of this name logs in with a password here', {
      hint: 'Log in with it; or an admin removes the name from console.users.',
    });
  }
  const told = claims[roleClaim];
  const values = (Array.isArray(told) ? told : [told]).filter((value) => typeof value === 'string');
  const meant = values.filter((value) => Object.hasOwn(roles, value)).slice(0, mostClaims);
  const role = highestRole(roles, meant);
  if (role) return { name, role, claims: meant };
  throw denied('you have no role here', {
    hint: `An admin gives one of the values of your claim "${roleClaim}" a role, in console.oidc.roles.`,
  });
}

function denied(why: string, { hint }: { hint: string }): ConnectorError {
  return new ConnectorError('bad_request', why, { hint });
}

/** `error_description` is the provider's, or whoever made up the link's: it is not shown. */
function reasonOf(cause: unknown): string {
  const { error, code } = cause as { error?: unknown; code?: unknown };
  if (typeof error === 'string' && /^[a-z_]{1,60}$/.test(error)) return error;
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : undefined;
  const text = inner ? `${messageOf(cause)} (${messageOf(inner)})` : messageOf(cause);
  return typeof code === 'string' && !text.includes(code) ? `${text} [${code}]` : text;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
