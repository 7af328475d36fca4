import { EventEmitter } from 'node:events';
import type { ManagedProcess, NeededInput, ProcessTable } from '../../environment';

/** A process that waits for a human. */
export interface Asking {
  readonly process: ManagedProcess;
  readonly needs: NeededInput;
}

/** A question, and whether a person is at it already. */
interface Question {
  readonly needs: NeededInput;
  readonly isAttended: boolean;
}

/** Who waits for a human, the longest wait first. Emits `changed` when somebody begins, asks something else, or is done. */
export class Needed extends EventEmitter<{ changed: [] }> {
  private readonly asking = new Map<ManagedProcess, Question>();

  /** @param isInFront whether a person has its terminal before them; `lookAgain` says that another one is */
  constructor(
    private readonly table: ProcessTable,
    private readonly isInFront: (process: ManagedProcess) => boolean,
  ) {
    super();
    table.on('changed', this.look).on('removed', this.look);
  }

  dispose(): void {
    this.table.off('changed', this.look).off('removed', this.look);
    this.removeAllListeners();
  }

  /** Not those that a person is at. */
  list(): Asking[] {
    return [...this.asking]
      .filter(([, { isAttended }]) => !isAttended)
      .map(([process, { needs }]) => ({ process, needs }));
  }

  /** Whether anything waits, also when a person is at it. */
  get isAny(): boolean {
    return this.asking.size > 0;
  }

  /** Whether it still waits for the same. */
  isOpen({ process, needs }: Asking): boolean {
    return isSame(this.asking.get(process)?.needs, needs);
  }

  /** Whether its keyboard is a person's and they know what it asks: nobody need be called. */
  isAttended(process: ManagedProcess): boolean {
    return this.asking.get(process)?.isAttended ?? process.keyboard.taken;
  }

  /** Another terminal is in front. */
  readonly lookAgain = (): void => {
    for (const process of this.asking.keys()) this.look(process);
  };

  private readonly look = (process: ManagedProcess): void => {
    const before = this.asking.get(process);
    const { needsInput: needs, keyboard } = process;
    if (needs === null) {
      if (!this.asking.delete(process)) return;
    } else {
      const isKnown = isSame(before?.needs, needs);
      const isSeen = keyboard.takenElsewhere || (isKnown && before?.isAttended) || this.isInFront(process);
      const isAttended = keyboard.taken && isSeen;
      if (isKnown && isAttended === before?.isAttended) return;
      this.asking.set(process, { needs, isAttended });
    }
    this.emit('changed');
  };
}

function isSame(one: NeededInput | undefined, other: NeededInput): boolean {
  return one?.kind === other.kind && one.question === other.question;
}
