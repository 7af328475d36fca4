/** Updates may take at most one part in this many of the time. */
const SHARE = 10;
/** An update whose end nobody tells holds the next one up for no longer. */
const LONGEST_REST_MS = 20_000;

/** How often a document may be updated: the dearer it has become for the editor, the more seldom. */
export class Pace {
  private tookMs = 0;
  private begunAt: number | undefined;

  /**
   * @param leastMs between two updates
   * @param now a clock in ms
   */
  constructor(
    private readonly leastMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** How long to wait from now, in ms. */
  get restMs(): number {
    const underWayMs = this.begunAt === undefined ? 0 : this.now() - this.begunAt;
    const tookMs = Math.max(this.tookMs, underWayMs);
    return Math.max(this.leastMs, Math.min(tookMs * (SHARE - 1), LONGEST_REST_MS));
  }

  /** An update has begun. */
  begin(): void {
    this.begunAt = this.now();
  }

  /** The document has changed in the editor. */
  done(): void {
    if (this.begunAt === undefined) return;
    this.tookMs = this.now() - this.begunAt;
    this.begunAt = undefined;
  }
}
