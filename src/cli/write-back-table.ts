import { type BacklogForecast, goneAfterSec } from '../domain/link-report.ts';
import type { WriteBack, WriteBackState } from '../domain/write-back.ts';
import { writeBackWords } from '../domain/write-back-steps.ts';
import type { Deps } from '../flows/deps.ts';
import type { Colour, TerminalTable } from './terminal-table.ts';

const colours: Partial<Record<WriteBackState, Colour>> = {
  confirmed: 'green',
  held: 'yellow',
  refused: 'red',
  dead: 'red',
  superseded: 'gray',
  cancelled: 'gray',
  shadow: 'cyan',
};

/** Write-backs as people read them: what is wanted, how it stands, and for what it waits until when. */
export function writeBackTable(
  rows: readonly WriteBack[],
  { now, backlog }: { now: string; backlog: readonly BacklogForecast[] },
): TerminalTable {
  return {
    head: ['state', 'dialer', 'what', 'call', 'tries', 'waits for', 'until', 'id'],
    rows: rows.map((row) => {
      const isRetried = row.state === 'pending' && row.attempts > 0;
      const colour = isRetried ? 'yellow' : colours[row.state];
      const { what, until } = waitOf(row, now, backlog);
      return [
        { text: isRetried ? 'retrying' : row.state, ...(colour && { colour }) },
        row.dialer,
        `${row.aspect} ${writeBackWords(row)}`.trim(),
        `${row.correlationId} r${row.revision}`,
        row.attempts,
        what,
        until,
        row.id,
      ];
    }),
  };
}

/** What the running service told last of windows that dialers keep; nothing while none runs. */
export async function toldBacklog({ store }: Pick<Deps, 'store'>): Promise<readonly BacklogForecast[]> {
  const [latest] = await store.processes();
  return latest && latest.silentSec < goneAfterSec ? latest.backlog : [];
}

function waitOf(
  { state, dialer, aspect, dueAt, why, hint }: WriteBack,
  now: string,
  backlog: readonly BacklogForecast[],
): { what: string; until: string } {
  const said = [why, hint].filter(Boolean).join(' → ');
  if (state !== 'pending' && state !== 'submitted') return { what: said || '-', until: '-' };
  const opensAt = backlog.find((each) => each.dialer === dialer && each.aspect === aspect)?.opensAt ?? '';
  if (state === 'pending' && opensAt > dueAt) return { what: said || "the dialer's window", until: opensAt };
  const turn = state === 'submitted' ? 'its confirmation' : dueAt <= now ? 'its turn' : 'its time';
  return { what: said || turn, until: dueAt <= now ? 'now' : dueAt };
}
