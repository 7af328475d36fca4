/** What a process waits for that sleeps until somebody types. */
export interface Waiting {
  /** `secret`: what is typed is not to be seen. `prompt`: a shell or the like, which waits for the next command. */
  readonly kind: 'input' | 'secret' | 'prompt';
  /** What it wrote last, as one line without control characters, 200 at most; may be empty. Untrusted text. */
  readonly question: string;
}

/** A process that waits for a human: one at its prompt does not. */
export interface NeededInput extends Waiting {
  /** `secret`: what is typed is not to be seen. */
  readonly kind: 'input' | 'secret';
}
