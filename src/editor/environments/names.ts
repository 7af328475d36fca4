import { idFault } from '../../hub';

/** A name for an environment that the settings take and that nobody has, made of what it is called otherwise. */
export function suggestedName(text: string, taken: readonly string[]): string {
  const name =
    text
      .slice(0, 200)
      .replace(/[^\w.@-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+|-+$/g, '')
      .slice(0, 60) || 'box';
  for (let n = 1; ; n++) {
    const id = n === 1 ? name : `${name}-${n}`;
    if (!idFault(id, taken)) return id;
  }
}
