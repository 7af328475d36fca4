import { SandboxRefusal } from '../refusal';
import type { FileRule } from './request';

const WAY_OUT = 'Ask the user for a permission profile with fewer rules, or open fewer folders.';
/** Each is looked for on the disks; more would hold up the others. */
const MAX_RULES = 1024;
const MAX_CHARACTERS = 262_144;

/** The rules of one request, which a few patterns and a few roots make many of. */
export class Rules {
  readonly all: FileRule[] = [];
  private characters = 0;

  /** @param field what the rules are made of, for a refusal; may be empty */
  constructor(private readonly field: string) {}

  /** @throws SandboxRefusal for more than 1,024 rules, or paths and patterns of 262,144 characters together */
  add(rules: readonly FileRule[]): void {
    this.all.push(...rules);
    if (this.all.length > MAX_RULES) throw this.refusal(`there are more than ${MAX_RULES} rules`);
    for (const { place } of rules) this.characters += lengthOf(place);
    if (this.characters > MAX_CHARACTERS)
      throw this.refusal(`paths and patterns have more than ${MAX_CHARACTERS} characters`);
  }

  private refusal(what: string): SandboxRefusal {
    return new SandboxRefusal(this.field, `for all workspace roots together ${what}`, WAY_OUT);
  }
}

/** @throws SandboxRefusal for more than 1,024 of them, each of which makes rules of its own */
export function checkCount(list: readonly unknown[], field: string): void {
  if (list.length <= MAX_RULES) return;
  throw new SandboxRefusal(field, `there are ${list.length} entries; the limit is ${MAX_RULES}`, WAY_OUT);
}

function lengthOf(place: FileRule['place']): number {
  if (typeof place === 'string') return 0;
  return 'path' in place ? place.path.length : place.under.length + place.pattern.length;
}
