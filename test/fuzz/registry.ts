import type { FuzzedParser } from './parser.ts';
import { consoleDoor } from './parsers/console-door.ts';
import { fastAgiDoor } from './parsers/fast-agi-door.ts';
import { five9Parsers } from './parsers/five9-parsers.ts';
import { httpDoors } from './parsers/http-doors.ts';
import { ownParsers } from './parsers/own-parsers.ts';
import { platformParsers } from './parsers/platform-parsers.ts';
import { vicidialApiDoor } from './parsers/vicidial-api-door.ts';
import { vicidialParsers } from './parsers/vicidial-parsers.ts';

/** Everything that reads what others write. */
export const parsers: readonly FuzzedParser[] = [
  ...httpDoors,
  fastAgiDoor,
  consoleDoor,
  vicidialApiDoor,
  ...platformParsers,
  ...vicidialParsers,
  ...five9Parsers,
  ...ownParsers,
];
