import type * as v from 'valibot';
import { requestOfPolicy, type ManagedProcess, type ReadResult } from '../environment';
import type { Hub } from '../hub';
import type { ConnectionDetails, ExecServerApi } from './api';
import { ArgumentError, parseArguments } from './arguments';
import { emptySchema, readSchema, startSchema, terminateSchema, writeSchema } from './commandSchemas';
import { DEFAULT_CLIENT, extensionOwner } from './toolCommands';
import { describeProcess, describeRead } from './commandResults';
import { messageOf } from '../values';

/** What the commands work on. */
export interface CommandHost {
  readonly hub: Pick<Hub, 'get' | 'list' | 'place' | 'stop'>;
  /** Rejects when the server is not running. */
  connection(): Promise<ConnectionDetails>;
  /**
   * Refuses when nothing may be run here.
   *
   * @throws Error with a sentence for the caller
   */
  assertAllowed(): void;
}

/** The commands by their ids, each with the result that its function of the API has. */
export type Commands = {
  readonly [
    Name in 'getConnection' | 'start' | 'read' | 'write' | 'terminate' | 'list' as `execServer.${Name}`
  ]: (input?: unknown) => ReturnType<ExecServerApi[Name]>;
};

/** The commands that other extensions call; JSON in, JSON out. */
export function commandApi(host: CommandHost): Commands {
  const find = (command: string, processId: string): ManagedProcess => {
    const found = host.hub.get(processId);
    if (found) return found;
    throw new ArgumentError(
      `${command}: "processId": there is no process ${JSON.stringify(processId.slice(0, 100))} (any more); ` +
        'execServer.list names those there are',
    );
  };

  return {
    'execServer.getConnection': define('execServer.getConnection', emptySchema, () => host.connection()),

    'execServer.start': define('execServer.start', startSchema, async (args) => {
      const name = args.clientName ?? DEFAULT_CLIENT;
      const place = await host.hub.place(args.environment).catch((error: unknown) => {
        throw new ArgumentError(`execServer.start: "environment": ${messageOf(error)}`);
      });
      const cwd = args.cwd ?? place.folder;
      if (!place.isAbsolute(cwd)) {
        throw new ArgumentError(
          `execServer.start: "cwd": must be an absolute path, not ${JSON.stringify(cwd)}`,
        );
      }
      const argv = args.argv ?? [...place.commandShell, args.command ?? ''];
      const process = await place
        .start(
          {
            argv,
            cwd,
            env: args.env ?? {},
            tty: args.tty,
            pipeStdin: args.pipeStdin,
            ...(args.sandbox === undefined ? {} : { sandbox: requestOfPolicy(args.sandbox) }),
          },
          extensionOwner(name),
        )
        .catch((error: unknown) => {
          // The system's own words name neither the program nor the folder.
          throw new Error(
            `execServer.start: ${JSON.stringify(argv[0])} in the folder ${JSON.stringify(cwd)}: ${messageOf(error)}`,
            {
              cause: error,
            },
          );
        });
      return { processId: process.id, pid: process.pid };
    }),

    'execServer.read': define(
      'execServer.read',
      readSchema,
      async ({ processId, afterSeq, maxBytes, waitMs }) => {
        const process = find('execServer.read', processId);
        const bound = maxBytes === undefined ? {} : { maxBytes };
        const result = await readOrNeeds(process, { afterSeq, waitMs, ...bound });
        return describeRead(result, process.needsInput);
      },
    ),

    'execServer.write': define('execServer.write', writeSchema, async (args) => {
      const process = find('execServer.write', args.processId);
      const bytes =
        args.dataBase64 === undefined ? Buffer.from(args.data ?? '') : Buffer.from(args.dataBase64, 'base64');
      const done = bytes.length ? await process.submit(bytes) : ({ status: 'accepted' } as const);
      return args.closeStdin && done.status === 'accepted' ? process.submit() : done;
    }),

    'execServer.terminate': define('execServer.terminate', terminateSchema, async ({ processId, force }) => {
      const process = find('execServer.terminate', processId);
      const running = process.state === 'running';
      const survivors = await host.hub.stop(processId, {
        from: force ? 'kill' : 'terminate',
        by: 'client',
      });
      return { running, survivors };
    }),

    'execServer.list': define('execServer.list', emptySchema, () =>
      Promise.resolve({ processes: host.hub.list().map(describeProcess) }),
    ),
  };

  function define<S extends v.GenericSchema, R>(
    name: string,
    schema: S,
    run: (args: v.InferOutput<S>) => Promise<R>,
  ): (input?: unknown) => Promise<R> {
    return async (input) => {
      host.assertAllowed();
      return run(parseArguments(name, schema, input));
    };
  }
}

/** Reads output, and waits no longer once the process begins to need a human, or does so no more. */
async function readOrNeeds(
  process: ManagedProcess,
  options: { readonly afterSeq: number; readonly waitMs: number; readonly maxBytes?: number },
): Promise<ReadResult> {
  const changed = new AbortController();
  const stop = process.onWaiting(() => changed.abort());
  try {
    return await process.read({ ...options, signal: changed.signal });
  } catch (error) {
    if (!changed.signal.aborted) throw error;
    return await process.read({ ...options, waitMs: 0 });
  } finally {
    stop();
  }
}
