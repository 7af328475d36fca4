import path from 'node:path';
import type * as v from 'valibot';
import type { HostParams, ManagedProcess, ProcessTable } from '../environment/index';
import { ArgumentError, parseArguments } from './arguments';
import { emptySchema, readSchema, startSchema, terminateSchema, writeSchema } from './commandSchemas';
import type { Connection } from './connection';
import { describeProcess, describeRead } from './commandResults';

/** What the commands work on. */
export interface CommandHost {
  readonly table: Pick<ProcessTable, 'get' | 'list'>;
  start(params: HostParams): Promise<ManagedProcess>;
  /** The whole environment of a child that asked for nothing else. */
  environment(): Readonly<Record<string, string>>;
  defaultCwd(): string;
  /** Program and flags before a command line. */
  shell(): readonly string[];
  /** Rejects when the server is not running. */
  connection(): Promise<Connection>;
  /** Throws, in words, when nothing may be run here. */
  assertAllowed(): void;
}

const TERMINATE_GRACE_MS = 2000;
const DEFAULT_CLIENT = 'Extension';
let lastId = 0;

/** The commands that other extensions call; JSON in, JSON out. */
export function commandApi(host: CommandHost): Record<string, (input?: unknown) => Promise<unknown>> {
  const find = (command: string, processId: string): ManagedProcess => {
    const found = host.table.get(processId);
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
      const cwd = args.cwd ?? host.defaultCwd();
      if (!path.isAbsolute(cwd)) {
        throw new ArgumentError(
          `execServer.start: "cwd": must be an absolute path, not ${JSON.stringify(cwd)}`,
        );
      }
      const argv = args.argv ?? [...host.shell(), args.command ?? ''];
      const process = await host
        .start({
          processId: String(++lastId),
          argv,
          cwd,
          env: { ...host.environment(), ...args.env },
          tty: args.tty,
          pipeStdin: args.pipeStdin,
          owner: { id: `extension:${name}`, name },
        })
        .catch((error: unknown) => {
          // The system's own words name neither the program nor the folder.
          const reason = error instanceof Error ? error.message : String(error);
          throw new Error(
            `execServer.start: ${JSON.stringify(argv[0])} in the folder ${JSON.stringify(cwd)}: ${reason}`,
            {
              cause: error,
            },
          );
        });
      return { processId: process.key, pid: process.pid };
    }),

    'execServer.read': define(
      'execServer.read',
      readSchema,
      async ({ processId, afterSeq, maxBytes, waitMs }) =>
        describeRead(
          await find('execServer.read', processId).read({
            afterSeq,
            waitMs,
            ...(maxBytes === undefined ? {} : { maxBytes }),
          }),
        ),
    ),

    'execServer.write': define('execServer.write', writeSchema, async (args) => {
      const process = find('execServer.write', args.processId);
      const bytes =
        args.dataBase64 === undefined ? Buffer.from(args.data ?? '') : Buffer.from(args.dataBase64, 'base64');
      let status = bytes.length ? await process.write(bytes) : 'accepted';
      if (args.closeStdin && status === 'accepted') status = await process.closeStdin();
      return { status };
    }),

    'execServer.terminate': define('execServer.terminate', terminateSchema, async ({ processId, force }) => {
      const process = find('execServer.terminate', processId);
      const running = process.state === 'running';
      const survivors = await process.stop({
        from: force ? 'kill' : 'terminate',
        graceMs: TERMINATE_GRACE_MS,
        by: 'client',
      });
      return { running, survivors };
    }),

    'execServer.list': define('execServer.list', emptySchema, () =>
      Promise.resolve({ processes: host.table.list().map(describeProcess) }),
    ),
  };

  function define<S extends v.GenericSchema>(
    name: string,
    schema: S,
    run: (args: v.InferOutput<S>) => Promise<unknown>,
  ): (input?: unknown) => Promise<unknown> {
    return async (input) => {
      host.assertAllowed();
      return run(parseArguments(name, schema, input));
    };
  }
}
