import type * as v from 'valibot';
import type { ProcessOwner } from '../../environment';
import type { Hub } from '../../hub';

/** How far tools reach: the caller's own processes, also the output of all others, or everything about those too. */
export type Reach = 'own' | 'see' | 'control';

/** What the tools work on. */
export interface ToolHost {
  readonly hub: Pick<Hub, 'environments' | 'get' | 'list' | 'place' | 'stop'>;
  /**
   * Refuses when nothing may be run here.
   *
   * @throws Error with a sentence for the caller
   */
  assertAllowed(): void;
  /** What the person allows now. */
  reach(): Reach;
}

/** One call of a tool. */
export interface ToolCall {
  readonly host: ToolHost;
  /** Whose processes are its own. */
  readonly caller: ProcessOwner;
  /** Aborted when nobody waits for the result any more. */
  readonly signal: AbortSignal;
  /** The most tokens of output that the caller can take, whatever the arguments say. */
  readonly maxOutputTokens?: number | undefined;
}

/** What a call does to the world: doors ask people by it, and tell clients. */
export type ToolEffect = 'runs' | 'types' | 'stops' | 'reads';

/** One tool: what every door makes its own of it from. */
export interface Tool<S extends v.GenericSchema = v.GenericSchema> {
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** For a model. */
  readonly description: string;
  readonly effect: ToolEffect;
  /** The arguments, with a description of each: for checks and for the JSON Schema alike. */
  readonly schema: S;
  /** Resolves with text for a model. Rejects with words that say what to do instead. */
  run(args: v.InferOutput<S>, call: ToolCall): Promise<string>;
}

/** Keeps the type of the arguments between a schema and what uses it. */
export function tool<const S extends v.GenericSchema>(declaration: Tool<S>): Tool<S> {
  return declaration;
}
