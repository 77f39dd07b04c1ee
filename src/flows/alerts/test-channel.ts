import { instantOf } from '../../domain/clock.ts';
import { ConnectorError } from '../../domain/errors.ts';
import type { Letter } from '../../domain/letter.ts';
import type { Deps } from '../deps.ts';
import type { Sent } from './channel.ts';

type TestDeps = Pick<Deps, 'store' | 'gate' | 'clock' | 'newId' | 'alertChannels' | 'count'>;

/** Sends a test by a channel at once, and says what became of it. Audited. Throws (not_found) where there is no such channel. */
export async function testChannel(deps: TestDeps, { channel, by }: { channel: string; by: string }): Promise<Sent> {
  const sent = await sendNow(deps, channel, { kind: 'test', at: instantOf(deps.clock) });
  if (!deps.gate.isAway()) {
    const at = instantOf(deps.clock);
    await deps.store.appendAudit({ at, by, act: 'alert-test', subject: channel, details: { result: sent.kind } });
  }
  return sent;
}

/** Sends a letter by a channel at once; it is not tried again. */
export async function sendNow(
  deps: Pick<Deps, 'newId' | 'alertChannels' | 'count'>,
  id: string,
  letter: Letter,
): Promise<Sent> {
  const channel = deps.alertChannels.get(id);
  if (!channel) {
    const names = [...deps.alertChannels.keys()].join(', ');
    throw new ConnectorError('not_found', `no channel for alerts is called "${id}"`, {
      hint: names ? `There are ${names}.` : 'Configure one under alerts.channels.',
    });
  }
  const sent = await channel.send({ id: deps.newId(), letter });
  deps.count.alertSent(channel.kind, sent.kind);
  return sent;
}
