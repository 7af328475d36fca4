import { canLookAt, lookAt, type Member } from '../../environment';
import { MemberNode, ProcessNode, type Node } from './nodes';

/** How often unfolded rows are looked at, in ms. */
const EVERY_MS = 2000;

interface MembersLook {
  readonly nodes: readonly MemberNode[];
  /** On the clock of `performance`. */
  readonly at: number;
}

const NEVER: MembersLook = { nodes: [], at: 0 };

/** What the unfolded rows have below them: looked at only while a person sees it. */
export class Members {
  private readonly unfolded = new Map<ProcessNode, MembersLook>();
  private timer: NodeJS.Timeout | undefined;
  private isSeen = false;
  /** A look at another machine may take longer than until the next one. */
  private isLooking = false;

  /** @param draw called with the rows that look different by now */
  constructor(private readonly draw: (nodes: Node[]) => void) {}

  dispose(): void {
    clearInterval(this.timer);
  }

  /** Whether there is something below it. */
  static of({ process }: ProcessNode): boolean {
    return canLookAt(process);
  }

  /** What is below a row, as of the last look; it is looked at now if it never was. */
  async below(node: ProcessNode): Promise<MemberNode[]> {
    const known = this.unfolded.get(node) ?? NEVER;
    if (known.nodes.length) return [...known.nodes];
    const now = await this.look(node);
    if (this.unfolded.has(node)) this.unfolded.set(node, now);
    return [...now.nodes];
  }

  fold(node: Node): void {
    if (node instanceof ProcessNode) this.unfolded.delete(node);
    this.schedule();
  }

  unfold(node: Node): void {
    if (node instanceof ProcessNode && !this.unfolded.has(node)) this.unfolded.set(node, NEVER);
    this.schedule();
  }

  /** Whether the view is on the screen. */
  seen(isSeen: boolean): void {
    this.isSeen = isSeen;
    this.schedule();
  }

  private schedule(): void {
    clearInterval(this.timer);
    if (!this.isSeen || !this.unfolded.size) return;
    this.timer = setInterval(() => void this.lookAll(), EVERY_MS);
    void this.lookAll();
  }

  private async lookAll(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    await this.lookOnce().finally(() => (this.isLooking = false));
  }

  private async lookOnce(): Promise<void> {
    const altered: Node[] = [];
    for (const [node, { nodes: before }] of [...this.unfolded]) {
      if (!Members.of(node)) {
        this.unfolded.delete(node);
        continue;
      }
      const words = before.map(wordsOf);
      const look = await this.look(node);
      if (!this.unfolded.has(node)) continue;
      this.unfolded.set(node, look);
      const now = look.nodes;
      if (now.length !== before.length || now.some((one, at) => one !== before[at])) altered.push(node);
      else altered.push(...now.filter((one, at) => wordsOf(one) !== words[at]));
    }
    if (altered.length) this.draw(altered);
    if (!this.unfolded.size) this.schedule();
  }

  /** Looks at the processes below a row now. A process that was there before keeps its node. */
  private async look(node: ProcessNode): Promise<MembersLook> {
    const look = await lookAt(node.process).catch(() => undefined);
    const last = this.unfolded.get(node) ?? NEVER;
    // Its machine is out of reach for a while.
    if (!look) return last;
    const { nodes, at: before } = last;
    const { members } = look;
    const known = new Map(nodes.map((one) => [one.member.pid, one]));
    const at = performance.now();
    return { at, nodes: members.map((member) => nodeOf(member, node, known.get(member.pid), at - before)) };
  }
}

function nodeOf(
  member: Member,
  parent: ProcessNode,
  known: MemberNode | undefined,
  elapsedMs: number,
): MemberNode {
  if (known?.member.command !== member.command) return new MemberNode(parent, member);
  known.cpu = share(known.member, member, elapsedMs);
  known.member = member;
  return known;
}

/** The part of one processor that a process has used since, in percent. */
function share(before: Member, now: Member, elapsedMs: number): number | undefined {
  if (!before.usage || !now.usage || elapsedMs <= 0) return undefined;
  return Math.max(0, Math.round(((now.usage.cpuMs - before.usage.cpuMs) / elapsedMs) * 100));
}

/** What is told of it that changes, roughly enough to hold still. */
function wordsOf({ member, cpu }: MemberNode): string {
  return `${cpu ?? ''} ${Math.round((member.usage?.memoryBytes ?? 0) / 2 ** 20)}`;
}
