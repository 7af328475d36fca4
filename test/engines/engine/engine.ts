/** A real engine that runs commands on a machine which has Node and a shell, and has never heard of exec-server. */
export interface Engine {
  readonly name: string;
  /** Why it can't be there, undefined where it can. */
  missing(): string | undefined;
  /** Rejects with the engine's own words if it can't run on this machine. */
  start(): Promise<void>;
  /** The words that run a command on the machine. After `start`. */
  words(): readonly string[];
  /** Beside the words. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where commands can start. */
  readonly cwd: string;
  dispose(): Promise<void>;
}
