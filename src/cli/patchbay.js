#!/usr/bin/env node
// Plain JavaScript that an old Node can read: the rest is TypeScript, which only Node 24 runs as it lies.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const needed = 24;

if (Number(process.versions.node.split('.')[0]) >= needed) {
  endUnread();
  if (process.argv.includes('serve')) await spareMemory();
  await keepCompiled();
  const { main } = await import('./main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  const node = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));
  if (existsSync(node)) runWith(node);
  else {
    process.stderr.write(
      `Patchbay needs Node ${needed} or newer; this is ${process.versions.node}.\n` +
        'Run `npm ci` in the folder of Patchbay, which also fetches Node 24 for it, or install Node 24.\n',
    );
    process.exitCode = 1;
  }
}

/** What was compiled once is kept in `.cache`, for a start in half the time. By the environment, which threads take over. */
async function keepCompiled() {
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../../.cache/compiled', import.meta.url));
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
}

/** While code is loaded nearly all that is new stays: room for what is short-lived comes later (bound-heap.ts). */
async function spareMemory() {
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--semi-space-growth-factor=1');
  // For threads: by itself V8 first looks for what is not used any more in an old generation of hundreds of megabytes.
  setFlagsFromString('--initial-old-space-size=24');
}

/** `patchbay status | head`: who reads has enough. A command ends as others do in a pipe; a service goes on unheard. */
function endUnread() {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (error.code !== 'EPIPE') throw error;
      // 128 and the number of SIGPIPE, which Node does not take.
      if (!process.argv.includes('serve')) process.exit(141);
    });
  }
}

/** Runs this file again with another Node, which then stands in for this process. */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both: handed on as well, it would come twice, and the second one does not wait.
  const signals = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGTERM', 'SIGHUP', 'SIGINT'];
  if (process.stdin.isTTY) process.on('SIGINT', () => undefined);
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`Node ${needed} could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    for (const each of ['SIGINT', ...signals]) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
}
