import type { Check } from '../../../../src/domain/connector.ts';
import type { Entry } from '../site-tables/site-carriers.ts';
import { textOf } from './carrier-checks.ts';
import { type CheckRun, type Fault, tableCheck } from './check-of.ts';

/** An end that VICIdial did not see stays without its second in the log. */
const unseenAfterSec = 4 * 3600;

/**
 * Whether VICIdial sees these calls end. The dialplan files of the dialers can't be read from here: the entry's own text,
 * the context of its calls, and the log of those that ended have to tell.
 */
export function hangUpCheck({ vicidial, site }: CheckRun): Check {
  return tableCheck(
    { vicidial, site },
    {
      id: 'carrier.hang-up-seen',
      title: "The entry runs where VICIdial's h extension sees the hang-up",
      looksAt: `sections and h in vicidial_server_carriers.dialplan_entry; servers.ext_context; vicidial_log.end_epoch of AI calls`,
      needs: ['carrier.one-pattern'],
      why: 'A call whose hang-up nobody sees lives on for VICIdial: the line stays busy, and the log has no end.',
      byHand: 'extensions.conf on each dialer: the context of the call needs an h extension with call_log',
    },
    async (open) => {
      const [entries, dialers] = await Promise.all([open.entries(), open.dialers()]);
      const contexts = [...new Set(dialers.map(({ ext_context }) => ext_context || 'default'))];
      const now = vicidial.deps.clock.now() / 1000;
      const old = (await open.handedCalls()).filter(
        ({ start_epoch }) => start_epoch > 0 && now - start_epoch > unseenAfterSec,
      );
      const unseen = old.filter(({ end_epoch }) => end_epoch === 0).length;
      const faults = entries.flatMap((entry) => judgeHangUp(entry));
      if (unseen > old.length / 10) {
        faults.push({
          found: `${unseen} of ${old.length} AI calls of the last day have no end in the log`,
          fix: `extensions.conf on each dialer: context ${contexts.join(', ')} needs VICIdial's h extension, AGI(agi://127.0.0.1:4577/call_log--HVcauses--…).`,
        });
      }
      const strange = contexts.filter((name) => name !== 'default');
      if (faults.length === 0 && strange.length > 0 && old.length === 0) {
        return {
          found: `calls run in context ${strange.join(', ')}, which is not VICIdial's own, and none has ended yet`,
          isUnknown: true,
          fix: `Look yourself: extensions.conf on the dialer, [${strange[0]}] needs an h extension with call_log.`,
        };
      }
      const proof =
        old.length > 0
          ? `${old.length - unseen} of ${old.length} AI calls of the last day have their end`
          : 'no AI call has ended yet that would show it';
      return { found: `the entry adds no context of its own and runs in ${contexts.join(', ')}; ${proof}`, faults };
    },
  );
}

function judgeHangUp(entry: Entry): Fault[] {
  const { carrier, extension } = entry;
  const ends = carrier.extensions.filter(({ pattern, context }) => pattern === 'h' && context === extension.context);
  const isLogged = ends.some(({ lines }) => lines.some(({ args }) => /call_log/.test(args)));
  if (ends.length > 0 && !isLogged) {
    return [
      {
        found: `${carrier.id} has an h extension of its own without call_log`,
        fix: `${textOf(entry)}: take the h extension out.`,
      },
    ];
  }
  if (extension.context !== '' && ends.length === 0) {
    return [
      {
        found: `${carrier.id} puts ${extension.pattern} into a section [${extension.context}] without an h extension`,
        fix: `${textOf(entry)}: take the line [${extension.context}] out.`,
      },
    ];
  }
  return [];
}
