import type { z } from 'zod';
import type { Log } from '../../domain/connector.ts';
import type { Deps } from '../../flows/deps.ts';
import type { Examination } from '../../flows/doctor/examine-site.ts';
import type { Sight } from './sight.ts';

/** What tools work with. */
export interface Desk {
  /** The parts of the service, none of which runs; opened when the first tool needs them, and again after a failure. */
  open(): Promise<Deps>;
  /** Runs the doctor's checks: all, or those named. Needs no store. */
  examine(only: readonly string[], signal: AbortSignal): Promise<Examination>;
  sight: Sight;
  /** Who acts, for the audit log. */
  by: string;
  log: Log;
  close(): Promise<void>;
}

/** What a host may tell its user of a tool before it is used. */
export interface ToolHints {
  readOnlyHint: boolean;
  /** True: what it does can't be taken back. */
  destructiveHint: boolean;
  /** True: the same again does nothing more. */
  idempotentHint: boolean;
  /** True: it reaches dialers and platforms, not only our own store. */
  openWorldHint: boolean;
}

/** Something that an assistant may ask, or do. */
export interface Tool<In extends z.ZodObject = z.ZodObject, Out extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  /** For the assistant: what it tells, and when it is the right one. */
  description: string;
  input: In;
  output: Out;
  hints: ToolHints;
  /** It is given up after so long, in milliseconds of the machine's clock. (Default: 30 s) */
  withinMs?: number;
  run(desk: Desk, input: z.output<In>, signal: AbortSignal): Promise<Told<z.input<Out>>>;
}

/** An answer: the gist in a sentence or two, and the whole of it. */
export interface Told<Data> {
  text: string;
  data: Data;
}

/** It only looks at what we hold. */
export const looks: ToolHints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** It only looks, and asks dialers and platforms. */
export const asks: ToolHints = { ...looks, openWorldHint: true };

/** The same tool, as one of a list. */
export function defineTool<In extends z.ZodObject, Out extends z.ZodObject>(tool: Tool<In, Out>): Tool {
  return tool as unknown as Tool;
}
