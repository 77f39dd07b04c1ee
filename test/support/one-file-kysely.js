import { registerHooks } from 'node:module';

// Preloaded into each process and thread of a test run (see quick-modules.ts), so plain JavaScript.

const whole = new URL('../../.cache/kysely.js', import.meta.url).href;
const parts = new URL('../../node_modules/kysely/dist/index.js', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    // A fork of vitest has looked it up by then and asks for the file.
    if (specifier !== 'kysely' && specifier !== parts) return next(specifier, context);
    return { url: whole, format: 'module', shortCircuit: true };
  },
});
