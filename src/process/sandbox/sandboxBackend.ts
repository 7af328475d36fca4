import type { SandboxRequest } from '../../sandbox';
import type { SpawnSpec } from '../types';
import type { Confined } from './confinement';

/** A start that asks for a sandbox. */
export type ConfinedSpec = SpawnSpec & { readonly sandbox: SandboxRequest };

/** Absolute paths of what no sandboxed command may read, because it opens a door of a host; asked each time. */
export type SecretPlaces = () => readonly string[];

/** Enforces sandboxes on one kind of system. */
export interface SandboxBackend {
  /**
   * Makes a start ready: nothing runs yet. Rejects with a SandboxRefusal, or with the SpawnError that the same start meets
   * without a sandbox.
   */
  confine(spec: ConfinedSpec): Promise<Confined>;
}
