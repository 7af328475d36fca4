import type { ExecBackend, ExecProcess } from '../environment';

/** What the server needs to run processes. */
export interface ServerBackend extends ExecBackend {
  /** Ends what is left of a closed process's group when the wire forgets it. PROTOCOL chapter 7. */
  killLeftovers?(process: ExecProcess): unknown;
}
