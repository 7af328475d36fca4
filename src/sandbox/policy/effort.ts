import { SandboxRefusal } from '../refusal';

/** Some tenths of a second at most; a path of 30 names and 1,000 short patterns take half of it. */
const MAX_STEPS = 4_000_000;

/** What it takes to hold patterns against one path: both are the words of others, and the work grows with their product. */
export class Effort {
  private left = MAX_STEPS;

  /** @throws SandboxRefusal when more than 4 million steps have been taken */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left >= 0) return;
    throw new SandboxRefusal(
      '',
      `its patterns take more than ${MAX_STEPS} steps for one path`,
      'Use fewer or simpler patterns, or a shorter path.',
    );
  }
}
