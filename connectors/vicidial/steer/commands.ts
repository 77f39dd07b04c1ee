import type { Command } from '../../../src/domain/connector.ts';
import type { Vicidial } from '../vicidial.ts';
import { failingInJson } from './answers.ts';
import { checkCommand } from './check.ts';
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
    checkCommand(vicidial),
  ].map(failingInJson);
}
