/** What a process has used so far, and uses now. */
export interface Usage {
  /** Time on processors, in ms. */
  readonly cpuMs: number;
  /** Resident memory, in bytes; what is shared with others counts for each. */
  readonly memoryBytes: number;
}

/** One process of a tree. */
export interface Member {
  /** Its number on the machine where it runs. */
  readonly pid: number;
  /** Program and arguments, for people; untrusted text. */
  readonly command: string;
  /** Undefined where the system does not tell. */
  readonly usage: Usage | undefined;
}

/** A TCP port that somebody listens on. */
export interface Listening {
  /** 1…65535. */
  readonly port: number;
  /** Not only for this machine. */
  readonly isOpenToOthers: boolean;
}

/** What came of a process and lives, itself first, and where that listens, the lowest port first. */
export interface Look {
  /** The process itself first; empty once all have ended. */
  readonly members: readonly Member[];
  /** Empty where nobody asked for them. */
  readonly ports: readonly Listening[];
}
