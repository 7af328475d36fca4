import { dirname } from 'node:path';

interface Entered {
  readonly file: string;
  readonly name: string;
}

/** Runs an action and tells what was entered meanwhile: how much of it, and the rooms in their order. */
export async function traced(action: () => Promise<unknown>): Promise<string> {
  const path: Entered[] = [];
  const target = globalThis as { entered?: (file: string, name: string, line: number) => void };
  target.entered = (file, name, line) => void path.push({ file, name: `${file} ${name}:${line}` });
  try {
    await action();
  } finally {
    delete target.entered;
  }
  const files = path.map(({ file }) => file);
  const rooms = inTurn(files.map((file) => dirname(file)));
  const outer = inTurn(files.map((file) => file.split('/')[0] ?? ''));
  const count = (of: readonly string[]): number => new Set(of).size;
  return (
    `${count(path.map(({ name }) => name))} functions, ${count(files)} files, ${count(rooms)} rooms, ` +
    `${rooms.length - 1} moves from room to room, ${outer.length - 1} of them between the rooms of src/\n  ${rooms.join(' → ')}\n`
  );
}

const inTurn = (list: readonly string[]): string[] => list.filter((each, index) => each !== list[index - 1]);
