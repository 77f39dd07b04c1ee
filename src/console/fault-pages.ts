import { ConnectorError } from '../domain/errors.ts';
import type { Role } from '../domain/roles.ts';
import { notice } from './components/notice.ts';
import { html } from './html.ts';
import type { View } from './page.ts';

export const missing: View = {
  title: 'Not found',
  body: html`<p>There is nothing here. It may have been erased, or the address is not whole.</p>
<p><a class="button" href="/console">To the first page</a></p>`,
};

export const foreignForm: View = {
  title: 'Not done',
  body: html`<p>The form did not come from a page of this session, so nothing was done. Go back, load the page anew, and try again.</p>`,
};

export function notAllowed(least: Role): View {
  return {
    title: 'Not allowed',
    body: html`<p>This takes the role ${least}. An admin gives roles in the configuration.</p>`,
  };
}

/** What a page says when the store did not answer: the rest of the service goes on. */
const storeIsAway: View = {
  title: 'The store does not answer',
  body: html`${notice('This page could not be read from the store.', 'bad', 'Look whether its database is up, reachable and not locked, and whether its disk has room; then load the page anew.')}
<p>Live calls go on meanwhile: they are answered from memory, and what systems tell is kept on disk until the store is back.</p>`,
};

/** The page for something that was thrown, and its status. `faultId` is in the log beside the reason. */
export function faultPage(error: unknown, faultId: string): { view: View; status: number } {
  if (isStoreAway(error)) return { view: storeIsAway, status: 503 };
  if (isUnreadable(error)) {
    return {
      status: error.status,
      view: {
        title: 'Not done',
        body: html`<p>What was sent could not be read, or is too large. Go back and send less.</p>`,
      },
    };
  }
  return {
    status: 500,
    view: {
      title: 'Something went wrong',
      body: html`${notice('The page failed inside.', 'bad', 'Try again. When it fails again, look in the log of the service for the number below.')}
<p>Number: <code>${faultId}</code></p>`,
    },
  };
}

export function isStoreAway(error: unknown): boolean {
  return error instanceof ConnectorError && error.code === 'store_away';
}

/** What express' own parsers throw. */
function isUnreadable(error: unknown): error is { status: number } {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status < 500;
}
