import type { Command, CommandOutput } from '../../../src/domain/connector.ts';
import type { Capture, Captured } from './capture.ts';
import { proposeSignature } from './propose-signature.ts';

/** `patchbay <id> capture`: what the first deliveries looked like, and the configuration that would accept them. */
export function captureCommand(id: string, capture: Capture, most: number): Command {
  return {
    name: 'capture',
    summary: 'shows names and forms of the first webhooks, no values, and proposes webhook.signature',
    options: [{ flags: '--again', summary: 'forget what was seen: the next deliveries are described anew' }],
    async run(_args, { again }, output) {
      if (again) {
        await capture.clear();
        output.write('Forgotten. Restart the service: the next deliveries are described.');
        return 0;
      }
      const seen = await capture.captured();
      if (seen.length === 0) {
        output.write(
          most === 0
            ? `Capture is off. Set platforms.${id}.webhook.capture to 3, restart, and make a call.`
            : 'No delivery with a right token has come yet.',
        );
        return 1;
      }
      if (output.isJson) output.write(JSON.stringify(seen));
      else show(id, seen, output);
      return 0;
    },
  };
}

function show(id: string, seen: readonly Captured[], output: CommandOutput): void {
  for (const { at, denied, headers, signatures, body, found } of seen) {
    output.write(`${at}  ${denied ? `denied: ${denied}` : 'accepted'}`);
    output.write(`  headers: ${headers.join(', ')}`);
    for (const [name, form] of Object.entries(signatures)) output.write(`  may be a signature: ${name}: ${form}`);
    output.write('  body:');
    for (const line of body) output.write(`    ${line}`);
    output.write(`  read from it: ${found.join(', ') || 'nothing'}`);
    output.write('');
  }
  const rules = new Map(seen.flatMap(({ rules: each }) => each).map((rule) => [JSON.stringify(rule), rule]));
  const fitting = [...rules.values()].filter((rule) =>
    seen.every(({ rules: each }) => each.some((other) => JSON.stringify(other) === JSON.stringify(rule))),
  );
  for (const rule of fitting) {
    output.write('This rule verifies all of them:');
    output.write(proposeSignature(id, rule));
  }
  if (fitting.length > 0) return;
  output.write(
    'No rule that we know verifies all of them with a configured secret. Is the secret of this very webhook in',
  );
  output.write(
    'webhook.signature.secrets? Where nothing looks like a signature: is the webhook of the events, not of calls?',
  );
}
