import type * as v from 'valibot';
import type { HostParams, ManagedProcess, ProcessTable } from '../environment/index';
import { ArgumentError, parseArguments } from './arguments';
import { emptySchema, readSchema, startSchema, terminateSchema, writeSchema } from './commandSchemas';
import type { Connection } from './connection';
import { describeProcess, describeRead } from './commandResults';

/** Where a command can run: on this machine, or in an environment that is attached. */
export interface Place {
  /** `env` is laid over the environment that a child there has anyway. */
  start(params: HostParams): Promise<ManagedProcess>;
  readonly defaultCwd: string;
  isAbsolute(path: string): boolean;
  /** Program and flags before a command line. */
  readonly shell: readonly string[];
}

/** What the commands work on. */
export interface CommandHost {
  readonly table: Pick<ProcessTable, 'get' | 'list'>;
  /** Connects if need be; rejects, in words, when that fails or nothing is called so. Absent: this machine. */
  place(environment?: string): Promise<Place>;
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
      const place = await host.place(args.environment).catch((error: unknown) => {
        throw new ArgumentError(`execServer.start: "environment": ${messageOf(error)}`);
      });
      const cwd = args.cwd ?? place.defaultCwd;
      if (!place.isAbsolute(cwd)) {
        throw new ArgumentError(
          `execServer.start: "cwd": must be an absolute path, not ${JSON.stringify(cwd)}`,
        );
      }
      const argv = args.argv ?? [...place.shell, args.command ?? ''];
      const process = await place
        .start({
          processId: String(++lastId),
          argv,
          cwd,
          env: args.env ?? {},
          tty: args.tty,
          pipeStdin: args.pipeStdin,
          owner: { id: `extension:${name}`, name },
        })
        .catch((error: unknown) => {
          // The system's own words name neither the program nor the folder.
          throw new Error(
            `execServer.start: ${JSON.stringify(argv[0])} in the folder ${JSON.stringify(cwd)}: ${messageOf(error)}`,
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
