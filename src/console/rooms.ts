import type { Room } from './page.ts';

/** Every room of the console, in the order of the navigation. */
export const rooms: readonly Room[] = [];
