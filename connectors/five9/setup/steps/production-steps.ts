import type { Five9 } from '../../five9.ts';
import { softphoneOf } from '../../softphone.ts';
import type { StepOf } from './making.ts';

/** What helps with the first test call, or comes after it. */
export function productionSteps(five9: Five9): StepOf[] {
  return [softphone(five9), importCallback(five9)];
}

function importCallback({ id, config, deps }: Five9): StepOf {
  const { callback } = config.imports;
  const address = `${deps.publicUrl}/v1/dialers/${id}/imports${callback?.token ? '/<token>' : ''}`;
  const profile = callback?.authProfile;
  const lines = callback
    ? [
        `Patchbay gives Five9 the address \`${address}\` with each import, so nothing is entered for it.`,
        '',
        profile
          ? `The authorization profile \`${profile}\` has to be in the domain: kind Basic, user a client of Patchbay with \`may: [dialer]\`, password its key. Without it Five9 refuses each import.`
          : 'The token in the address is what proves Five9: no authorization profile is needed.',
        '',
        'Five9 must reach the address over TLS with a public certificate.',
      ]
    : [
        'Not used: Patchbay asks Five9 what became of an import. With many write-backs let Five9 tell it: set `imports.callback.token` to 20 or more random letters and digits, as a secret, and start Patchbay again. Nothing is entered in Five9.',
      ];
  return {
    id: 'import-callback',
    title: 'Five9 tells when an import is through',
    kind: 'manual',
    phase: 'production',
    checks: [],
    describe: () => lines.join('\n'),
  };
}

function softphone({ id, config }: Five9): StepOf {
  const having = Object.keys(config.campaigns).filter((name) => config.campaigns[name]?.script);
  return {
    id: 'softphone-account',
    title: 'A softphone, where carriers do not let test calls through',
    kind: 'manual',
    phase: 'campaign',
    checks: [],
    describe() {
      if (having.length === 0) return 'No campaign has a `script` in the configuration.';
      const rows = having.map((name) => {
        const { server, user, dial } = softphoneOf(config, name);
        return `| ${name} | ${server} | ${user} | \`${dial}\` |`;
      });
      return [
        'From countries whose carriers block calls to the United States, dial the AI through the trunk itself. Make an account in a softphone (Zoiper, say) with what the trunk gives you:',
        '',
        '| campaign | domain | user name | dial |',
        '| --- | --- | --- | --- |',
        ...rows,
        '',
        'It shows that the trunk leads to the platform and that the agent speaks. No script of Five9 runs, so headers, outcome and disposition are not tested.',
        `\`npx patchbay call test --dialer ${id} --campaign <campaign> --softphone\` prints the account again, and waits for the event of the platform.`,
      ].join('\n');
    },
  };
}
