import type { HostBackend, HostProcess } from '../environment';

/** What the server needs to run processes. */
export interface ServerBackend extends HostBackend {
  /** Ends what is left of a closed process's group when the wire forgets it. PROTOCOL chapter 7. */
  killLeftovers?(process: HostProcess): unknown;
}
