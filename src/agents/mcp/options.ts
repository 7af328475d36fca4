import type { ProcessOwner } from '../../environment';
import type { ToolAnswer } from '../tools/call';
import type { Tool } from '../tools/tool';

/** What the protocol's bundle gets from outside: it holds the protocol only. */
export interface McpOptions {
  readonly tools: readonly Tool[];
  /** For the model, beside the descriptions. */
  readonly instructions: string;
  /** The version of this program. */
  readonly version: string;
  /** Never rejects. */
  call(name: string, input: unknown, caller: ProcessOwner, signal: AbortSignal): Promise<ToolAnswer>;
}
