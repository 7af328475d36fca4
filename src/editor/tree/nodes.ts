import type { ManagedProcess, Member } from '../../environment';
import type { EarlierCommand } from '../../record';
import type { Arrangement, Repeats } from './arrange';
import type { ClientRow } from './groups';

/** What a row says of its environment. */
export interface PlaceStatus {
  readonly away: boolean;
  /** It is not heard of now, be it that it is being connected again. */
  readonly silent: boolean;
  readonly text: string;
}

/** An agent, or whatever else the commands are grouped by. */
export class ClientNode {
  /** Undefined for what runs on this machine. */
  place: PlaceStatus | undefined;
  arrangement: Arrangement<ManagedProcess> = { live: [], finished: [] };
  readonly finished = new FinishedNode(this);

  constructor(public row: ClientRow<ManagedProcess>) {}

  get busy(): boolean {
    return this.row.processes.some(({ closed }) => !closed);
  }

  get id(): string {
    return this.row.id;
  }
}

/** Where the finished commands of a client are folded away. */
export class FinishedNode {
  /** Whether a person looks for something. */
  filtered = false;

  constructor(readonly client: ClientNode) {}

  get repeats(): readonly Repeats<ManagedProcess>[] {
    return this.client.arrangement.finished;
  }

  get processes(): ManagedProcess[] {
    return this.repeats.flat();
  }
}

/** Equal short commands. */
export class RepeatNode {
  constructor(
    readonly id: string,
    readonly parent: FinishedNode,
    public processes: Repeats<ManagedProcess>,
  ) {}
}

export class ProcessNode {
  constructor(
    readonly id: string,
    readonly process: ManagedProcess,
    readonly parent: ClientNode | FinishedNode | RepeatNode,
  ) {}

  get client(): ClientNode {
    const { parent } = this;
    if (parent instanceof ClientNode) return parent;
    return parent instanceof FinishedNode ? parent.client : parent.parent.client;
  }
}

/** One process of a command's tree. */
export class MemberNode {
  /** Percent of one processor; undefined until it was looked at twice. */
  cpu: number | undefined;

  constructor(
    readonly parent: ProcessNode,
    public member: Member,
  ) {}
}

/** Where what earlier windows ran is folded away. */
export class EarlierNode {
  commands: readonly EarlierCommandNode[] = [];
}

/** A command of an earlier window. */
export class EarlierCommandNode {
  constructor(
    readonly parent: EarlierNode,
    readonly command: EarlierCommand,
  ) {}
}

export type Node =
  ClientNode | FinishedNode | RepeatNode | ProcessNode | MemberNode | EarlierNode | EarlierCommandNode;

/** The command whose terminal a click on the row opens. */
export function shownBy(node: Node): ManagedProcess | undefined {
  if (node instanceof MemberNode) return node.parent.process;
  if (node instanceof RepeatNode) return node.processes[0];
  return node instanceof ProcessNode ? node.process : undefined;
}
