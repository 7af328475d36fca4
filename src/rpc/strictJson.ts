/**
 * The strictness that JSON.parse lacks (docs/protocol/messages.md#malformed): no key twice in an object, at
 * most 262144 values, at most 127 levels, no lone surrogates; and the digits of an integer id, which a double
 * loses.
 *
 * This is no parser: it walks over tokens, without recursion, and leaves everything else to JSON.parse,
 * which runs after it, so that no nesting or number of values can exhaust the memory.
 */

const MAX_VALUES = 262_144;
const TOO_MANY = `JSON-RPC message exceeds the limit of ${MAX_VALUES} JSON values`;
const MAX_DEPTH = 127;
/** Characters of a key in an error text. */
const MAX_SHOWN_KEY = 200;
const BACKSLASH = 0x5c;

export interface Inspection {
  /** What is wrong, if anything. */
  readonly problem?: string;
  /** The token of the outermost object's `id`, if it has one that is no string, list or object. */
  readonly idToken?: string;
}

/** Walks over text that may be JSON. Linear in time; memory for the keys of the open objects. */
export function inspectJson(text: string): Inspection {
  return new Walker(text).run();
}

class Walker {
  private at = 0;
  private values = 0;
  /** Each has a value, so there are no more of them; but their values may be missing. */
  private keys = 0;
  /** One entry for each open container: the keys of an object so far, or null for a list. */
  private readonly open: (Set<string> | null)[] = [];
  private key: string | undefined;
  private idToken: string | undefined;
  /** Where the next unicode escape is, at or behind the current string. */
  private nextEscape = -1;

  constructor(private readonly text: string) {}

  run(): Inspection {
    for (;;) {
      const problem = this.step();
      if (problem !== undefined) return { problem: `${problem} at offset ${this.at}` };
      if (this.at >= this.text.length) break;
    }
    return this.idToken === undefined ? {} : { idToken: this.idToken };
  }

  private step(): string | undefined {
    switch (this.text.charAt(this.at)) {
      case '{':
        return this.enter(new Set());
      case '[':
        return this.enter(null);
      case '}':
      case ']':
        this.open.pop();
        this.at++;
        return undefined;
      case '"':
        return this.string();
      case ',':
      case ':':
      case ' ':
      case '\n':
      case '\r':
      case '\t':
        this.at++;
        return undefined;
      default:
        return this.scalar();
    }
  }

  private enter(keys: Set<string> | null): string | undefined {
    this.open.push(keys);
    this.at++;
    if (this.open.length > MAX_DEPTH) return 'recursion limit exceeded';
    return this.count();
  }

  private count(): string | undefined {
    this.values++;
    return this.values > MAX_VALUES ? TOO_MANY : undefined;
  }

  private scalar(): string | undefined {
    const start = this.at;
    SCALAR.lastIndex = start;
    SCALAR.test(this.text);
    this.at = Math.max(SCALAR.lastIndex, start + 1);
    if (this.open.length === 1 && this.key === 'id') this.idToken = this.text.slice(start, this.at);
    return this.count();
  }

  private string(): string | undefined {
    const start = this.at;
    this.at = this.endOfString();
    const keys = this.open.at(-1);
    const isKey = keys instanceof Set && this.isBeforeColon();
    const value = this.stringValue(start, isKey);
    if (value !== undefined && LONE_SURROGATE.test(value)) return 'lone surrogate in a string';
    if (!isKey || value === undefined) return this.count();
    if (keys.has(value)) return `duplicate JSON object key \`${value.slice(0, MAX_SHOWN_KEY)}\``;
    this.keys++;
    if (this.keys > MAX_VALUES) return TOO_MANY;
    keys.add(value);
    if (this.open.length === 1) this.key = value;
    return undefined;
  }

  private isBeforeColon(): boolean {
    COLON.lastIndex = this.at;
    return COLON.test(this.text);
  }

  /** The string's value where it matters: for keys, and where an escape may hide a surrogate. */
  private stringValue(start: number, isKey: boolean): string | undefined {
    if (this.nextEscape < start) {
      const found = this.text.indexOf('\\u', start);
      this.nextEscape = found === -1 ? Infinity : found;
    }
    if (!isKey && this.nextEscape >= this.at) return undefined;
    const raw = this.text.slice(start, this.at);
    return raw.includes('\\') ? unescape(raw) : raw.slice(1, -1);
  }

  /** The offset behind the string that starts here. */
  private endOfString(): number {
    let end = this.at;
    for (;;) {
      end = this.text.indexOf('"', end + 1);
      if (end === -1) return this.text.length;
      let slashes = 0;
      while (this.text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
      if (slashes % 2 === 0) return end + 1;
    }
  }
}

/** Escapes that are none are for JSON.parse to complain about. */
function unescape(raw: string): string {
  try {
    return JSON.parse(raw) as string;
  } catch {
    return raw;
  }
}

const SCALAR = /[^\s,\]}]*/y;
const COLON = /\s*:/y;
const LONE_SURROGATE = /\p{Surrogate}/u;
