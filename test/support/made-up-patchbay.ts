import { main } from '../../src/cli/main.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';

// `patchbay` as a process of its own that knows the made-up dialer and nothing else.
process.exitCode = await main(process.argv.slice(2), { dialers: [madeUp], platforms: [] });
