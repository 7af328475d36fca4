import type * as Fs from 'node:fs';
import type { MessagePort } from 'node:worker_threads';

/** One call for a thread: one of its own, or the one of that name of `node:fs`. */
export interface ThreadCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

export type ErrorParts = Pick<NodeJS.ErrnoException, 'message' | 'code' | 'errno' | 'syscall'>;

/** What came of it. An error travels in parts, because its class and code do not survive the way. */
export type ThreadAnswer = { readonly value: unknown } | { readonly error: ErrorParts };

/** Calls that a thread has of its own. Bytes arrive as plain arrays. */
export type OwnCalls = Readonly<Record<string, (...args: never[]) => unknown>>;

/**
 * What a thread runs. It and what makes its own calls are handed over as text, so that no file has to lie beside a
 * bundle: nothing outside of these functions may be used in them.
 */
export function threadMain(fs: typeof Fs, port: MessagePort, own: OwnCalls): void {
  type AnyCall = (...args: readonly unknown[]) => unknown;

  function answer({ name, args }: ThreadCall): ThreadAnswer {
    const system = fs as unknown as Record<string, AnyCall | undefined>;
    const call = (own[name] as AnyCall | undefined) ?? system[`${name}Sync`];
    if (!call) return { error: new Error(`no such call: ${name}`) };
    try {
      return { value: call(...args) };
    } catch (thrown) {
      const { message, code, errno, syscall } = thrown as NodeJS.ErrnoException;
      return { error: { message, code, errno, syscall } };
    }
  }

  port.on('message', (call: ThreadCall) => {
    const message = answer(call);
    const value = 'value' in message ? message.value : undefined;
    // Content is handed over, not copied.
    const isContent = call.name === 'read' && value instanceof Uint8Array;
    port.postMessage(message, isContent ? [value.buffer as ArrayBuffer] : []);
  });
}
