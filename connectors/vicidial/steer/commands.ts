import type { Command } from '../../../src/domain/connector.ts';
import { failingInJson } from '../../shared/answers.ts';
import { checkCommand } from '../../shared/check-command.ts';
import { checks } from '../setup/checks.ts';
import type { Vicidial } from '../vicidial.ts';
import { linesCommand } from './lines.ts';
import { pushCommand } from './push.ts';
import { resetListCommand } from './reset-list.ts';
import { showCommand } from './show.ts';
import { snippetsCommand } from './snippets.ts';

/** What an operator can ask of a VICIdial, and tell it: `npx patchbay <id> show …`. */
export function steerCommands(vicidial: Vicidial): Command[] {
  return [
    showCommand(vicidial),
    pushCommand(vicidial),
    linesCommand(vicidial),
    resetListCommand(vicidial),
    snippetsCommand(vicidial),
    checkCommand('asks VICIdial whether the set-up is right, and says what to mend', () => checks(vicidial)),
  ].map(failingInJson);
}
