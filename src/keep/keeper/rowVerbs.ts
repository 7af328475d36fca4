import { lookAt, type ManagedProcess, type Viewer } from '../../environment';
import type { RowVerb } from '../messages';
import type { Keyboards } from './keyboards';

const SHOWN_NOW =
  'Nothing was typed: by now the terminal shows what is typed, and a secret would stand in the output.';

/** What one window does to one process, with the rights of the person who sits there. */
export class RowVerbs implements Disposable {
  private readonly viewer: Viewer | undefined;
  /** Boxes in which a person types; whether the terminal showed it when they were opened. */
  private readonly boxes: { readonly lent: Disposable; readonly echoed: boolean }[] = [];

  constructor(
    private readonly row: ManagedProcess,
    private readonly keyboards: Keyboards,
    private readonly window: object,
  ) {
    this.viewer = row.view({ fixedSize: () => undefined });
  }

  /** The window does not show it any more. */
  [Symbol.dispose](): void {
    this.viewer?.[Symbol.dispose]();
    for (const { lent } of this.boxes.splice(0)) lent[Symbol.dispose]();
  }

  /** Resolves with the answer; rejects with a sentence. */
  async run(asked: RowVerb, body: Buffer): Promise<unknown> {
    const { row, keyboards, window } = this;
    switch (asked.verb) {
      case 'type':
        return this.type(body, asked.isSecret);
      case 'reply':
        return row.keyboard.reply(body);
      case 'write':
        return row.write(body, asked.writeId);
      case 'closeStdin':
        if (asked.by === 'person') keyboards.assertHere(row, window);
        return row.closeStdin(asked.by);
      case 'takeOver':
        keyboards.takeOver(row, window);
        return;
      case 'giveBack':
        keyboards.giveBack(row);
        return;
      case 'borrow':
        return void this.boxes.push({ lent: row.keyboard.borrow(), echoed: row.keyboard.echoes });
      case 'return':
        return this.boxes.pop()?.lent[Symbol.dispose]();
      case 'interrupt':
        return row.interrupt();
      case 'terminate':
        return void (row.closed ? row.stopSurvivors('person') : row.stop(ladderOf(asked.graceMs)));
      case 'signal':
        return row.sendSignal(asked.signal, asked.pid);
      case 'look':
        return lookAt(row, { ports: asked.ports });
      case 'resize':
        // Who looks, and whose size counts, was decided in the window.
        this.viewer?.takeKeyboard();
        this.viewer?.resize({ rows: asked.rows, cols: asked.cols });
        return;
    }
  }

  private type(bytes: Buffer, isSecret: boolean | undefined): Promise<unknown> {
    try {
      this.keyboards.assertHere(this.row, this.window);
      const box = this.boxes.at(-1);
      if (box && !box.echoed && this.row.keyboard.echoes) throw new Error(SHOWN_NOW);
    } catch (error) {
      bytes.fill(0);
      throw error;
    }
    return this.row.type(bytes, isSecret);
  }
}

/** Without a grace the person has asked for the last rung. */
function ladderOf(graceMs: number | undefined): Parameters<ManagedProcess['stop']>[0] {
  return graceMs === undefined
    ? { from: 'kill', by: 'person' }
    : { from: 'terminate', graceMs, by: 'person' };
}
