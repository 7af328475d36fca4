/** What a client did besides running commands; the content is told to nobody. */
export type ClientDeed =
  | { readonly kind: 'read' | 'wrote' | 'removed'; readonly path: string }
  | { readonly kind: 'fetched'; readonly host: string; readonly method: string };

/** What people may want to know of a server's clients, and of who may not become one. */
export type Activity =
  | (ClientDeed & { readonly agent: { readonly id: string; readonly name: string } })
  /** Somebody who may not come in: the status of the answer, and how often since it was told last. */
  | {
      readonly kind: 'turnedAway';
      readonly status: number;
      readonly peer: string;
      readonly times: number;
    };

/** What a server tells as it happens. It is not to throw, and is not waited for. */
export type Happened = (activity: Activity) => void;

/** The statuses with which somebody is turned away. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403]);
/** Refusals that follow one another faster than this are only counted, in ms. */
const REST_MS = 1000;

/** Tells of those who may not come in; of a crowd of them once a second. */
export class TurnedAway implements Disposable {
  private times = 0;
  private last: { readonly status: number; readonly peer: string } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly tell: (status: number, peer: string, times: number) => void) {}

  note(status: number, peer: string): void {
    if (!REFUSALS.has(status)) return;
    this.times++;
    this.last = { status, peer };
    if (!this.timer) this.flush();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer);
  }

  private flush(): void {
    this.timer = undefined;
    const { last, times } = this;
    if (!last || times === 0) return;
    this.times = 0;
    this.timer = setTimeout(() => this.flush(), REST_MS).unref();
    this.tell(last.status, last.peer, times);
  }
}
