import type { Duplex } from 'node:stream';
import type { Look, Rung, Survivor } from '../types';

/** Identifies a process tree across hosts: its leader's pid and start, so that a later sweeper recognises it. */
export interface TreeIdentity {
  /** The leader's. */
  readonly pid: number;
  /** The leader's start, in the platform's own unit. */
  readonly start: number;
  readonly tty: boolean;
}

/** A process of ours with all that came of it, as far as it can be found. */
export interface ProcessTree {
  /** Absent where there is nothing that another process could use. */
  readonly identity?: TreeIdentity | undefined;
  /**
   * Sends what belongs to the rung to all known members and to those that descend from them, at once.
   *
   * @param graceMs after which the next rung follows
   * @param asked called before the signals go out with the members that live, as far as that is known at once
   */
  signal(rung: Rung, graceMs?: number, asked?: (members: readonly Survivor[]) => void): void;
  /**
   * Sends a signal that is none of the ladder's to one member, or to all. False where there is nobody to send it to,
   * or the system refuses; absent where there are no signals. Rejects only where another host was asked, with its words.
   */
  send?(signal: NodeJS.Signals, pid?: number): boolean | Promise<boolean>;
  /**
   * Looks for members that no living parent leads to. Those that are new get the signal of `rung`, if one is
   * given that goes to more than the process group.
   */
  search(rung?: Rung): Promise<void>;
  /** To be called in the turn in which the leader's exit was collected: its pid may be given away after that. */
  leaderExited(): void;
  /** SIGKILL for what is in the leader's process group, and nothing that went its own way. */
  killGroup(): Promise<void>;
  /** What closing its terminal would do; nothing where there is none. */
  hangUp(): void;
  /**
   * Where the tree is on another machine that tells: what a look there shows. Rejects with its words, or when it cannot
   * be reached.
   */
  look?(ports: boolean): Promise<Look>;
  /**
   * Where the tree is on another machine that lets its ports be reached: a connection to one on which it listens.
   * Rejects with its words.
   */
  connect?(port: number): Promise<Duplex>;
  /** Calls `listener` after each look at another machine: who was there is to be counted before the first of them goes. */
  onLook?(listener: () => void): void;
  /** The members that live, as far as is known from the last looks. */
  alive(): Survivor[];
  /** Whether anything may be left in the leader's process group; costs one system call. */
  groupAlive(): boolean;
}
