/** One frame after the other, each with what must become of it. */
import { HANDSHAKE, TARGETS, type Mode, type Target } from './methods.js';
import type { Random } from './random.js';
import { toJson, verbatim, WRONG, type Scratch } from './values.js';

/**
 * docs/protocol/messages.md#malformed, docs/protocol/app-server.md#rules: `answer` under its id, once;
 * `malformed` is answered with the id -1, or passed over by the app-server; `fatal` ends the connection, or
 * is passed over; `silent` has no effect; `any` is one of these, where nobody but a second decoder could
 * tell.
 */
export type Fate = 'answer' | 'malformed' | 'fatal' | 'silent' | 'any';

export interface Frame {
  readonly data: string | Buffer;
  readonly fate: Fate;
  /** Of a frame that must be answered. */
  readonly id?: string | number;
  readonly method?: string;
}

type Build = (frames: Frames, target: Target) => Frame;
const MAX_VALUES = 262_144;
const MAX_DEPTH = 127;
const HUGE_DEPTH = 200_000;

const LONE_SURROGATES = ['"\\ud800"', '"a\\udc00b"', '"\\udc00\\ud800"', '"\\uD83D"'];
const BAD_IDS = [
  1.5,
  null,
  true,
  {},
  [1],
  verbatim('1.0'),
  verbatim('1e3'),
  verbatim('18446744073709551616'),
];
const NO_MESSAGES = [
  '',
  ' ',
  '{}',
  '[]',
  'null',
  'true',
  '7',
  '"x"',
  '{"foo":1}',
  '{"id":1}',
  'NaN',
  '{"id":1,}',
];

export class Frames {
  private count = 0;

  constructor(
    readonly random: Random,
    private readonly scratch: Scratch,
    private readonly mode: Mode,
  ) {}

  /** The handshake has been made. */
  get isOpen(): boolean {
    return this.mode !== 'none';
  }

  next(): Frame {
    const target = this.random.chance(0.02) ? HANDSHAKE : this.random.pick(TARGETS);
    let left = this.random.below(TOTAL_WEIGHT);
    for (const [weight, build] of BUILDERS) {
      left -= weight;
      if (left < 0) return build(this, target);
    }
    throw new Error('unreachable');
  }

  /** A request with everything as it should be, give or take the chances of its values. */
  params(target: Target): Record<string, unknown> {
    const { random, scratch } = this;
    const made = (kinds: Target['members'], chance: number) =>
      Object.entries(kinds)
        .filter(() => random.chance(chance))
        .map(([name, kind]) => [name, kind(random, scratch)] as const);
    return Object.fromEntries([...made(target.members, 1), ...made(target.optional, 0.3)]);
  }

  request(target: Target, params: unknown, more: Record<string, unknown> = {}): Frame {
    const id = this.random.chance(0.8) ? `f${String(++this.count)}` : ++this.count;
    // No frame but the runner's may open the session.
    const isHandshake = target.method === 'initialize' && this.mode === 'none';
    const sent = isHandshake ? { clientName: null } : params;
    return {
      data: toJson({ id, method: target.method, params: sent, ...more }),
      fate: 'answer',
      id,
      method: target.method,
    };
  }

  text(target: Target): string {
    return String(this.request(target, this.params(target)).data);
  }
}

/** What the app-server passes over. */
const malformed = (data: string | Buffer): Frame => ({ data, fate: 'malformed' });

const valid: Build = (frames, target) => frames.request(target, frames.params(target));

const wrongMember: Build = (frames, target) => {
  const params = frames.params(target);
  const names = [...Object.keys(target.members), ...Object.keys(target.optional), 'unknown'];
  for (let left = 1 + frames.random.below(2); left > 0; left--)
    params[frames.random.pick(names)] = frames.random.pick(WRONG);
  return frames.request(target, params);
};

const missingMember: Build = (frames, target) => {
  const names = Object.keys(target.members);
  const left = names.length > 0 ? frames.random.pick(names) : '';
  const entries = Object.entries(frames.params(target)).filter(([name]) => name !== left);
  return frames.request(target, Object.fromEntries(entries));
};

const wrongParams: Build = (frames, target) => frames.request(target, frames.random.pick(WRONG));

const paramsAsList: Build = (frames, target) =>
  target.isHarmless
    ? frames.request(target, Object.values(frames.params(target)))
    : wrongParams(frames, target);

const unknownMethod: Build = (frames, target) => {
  const name = frames.random.pick([
    '',
    'x',
    `${target.method}x`,
    target.method.toUpperCase(),
    '__proto__',
    'constructor',
  ]);
  return frames.request({ ...target, method: name }, frames.params(target));
};

const extraMembers: Build = (frames, target) =>
  frames.request(target, frames.params(target), {
    jsonrpc: frames.random.pick(WRONG),
    result: frames.random.pick(WRONG),
    trace: frames.random.pick([null, {}, { traceparent: 'x' }]),
  });

const badEnvelope: Build = (frames, target) => {
  const { random } = frames;
  const whole = { id: 1, method: target.method, params: {} };
  return malformed(
    toJson(
      random.pick([
        { ...whole, id: random.pick(BAD_IDS) },
        { ...whole, method: random.pick([7, null, {}, []]) },
        { ...whole, trace: random.pick([7, 'x', [], { traceparent: 7 }]) },
      ]),
    ),
  );
};

const truncated: Build = (frames, target) => {
  const text = frames.text(target);
  return malformed(text.slice(0, frames.random.below(text.length)));
};

const doubled: Build = (frames, target) =>
  malformed(frames.text(target) + frames.random.pick(['{}', ',', '7', ']']));

const duplicateKey: Build = (frames, target) => {
  const params = toJson(frames.params(target));
  const key = frames.random.pick(['a', 'path', '\\u0061', '']);
  const inner = `{"x":{"${key}":1,"b":[{}],"${key === '\\u0061' ? 'a' : key}":2}}`;
  return malformed(
    frames.random.pick([
      `{"id":1,"method":"${target.method}","params":${params},"params":${params}}`,
      `{"id":1,"id":2,"method":"${target.method}"}`,
      `{"id":1,"method":"${target.method}","params":${inner}}`,
    ]),
  );
};

const loneSurrogate: Build = (frames, target) => {
  const text = frames.random.pick(LONE_SURROGATES);
  return malformed(
    frames.random.pick([
      `{"id":1,"method":"${target.method}","params":{"processId":${text}}}`,
      `{"id":${text},"method":"${target.method}"}`,
      `{"id":1,"method":${text}}`,
      `{"id":1,"method":"${target.method}","params":{${text}:1}}`,
    ]),
  );
};

const deep: Build = (frames, target) => {
  const levels = frames.random.pick([MAX_DEPTH, MAX_DEPTH + 1, 1000, HUGE_DEPTH]);
  const [open, close] = frames.random.pick([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  const nested =
    open.repeat(levels) + (open === '[' ? '' : '1') + close.repeat(frames.random.pick([levels, 0]));
  return malformed(`{"id":1,"method":"${target.method}","params":${nested}}`);
};

const tooManyValues: Build = (frames, target) =>
  frames.random.chance(0.05)
    ? malformed(`{"id":1,"method":"${target.method}","params":[${'0,'.repeat(MAX_VALUES)}0]}`)
    : noMessage(frames, target);

const noMessage: Build = (frames) => malformed(frames.random.pick(NO_MESSAGES));

const byteOrderMark: Build = (frames, target) => malformed(`\ufeff${frames.text(target)}`);

const notUtf8: Build = (frames, target) => {
  const text = Buffer.from(frames.text(target));
  const at = text.lastIndexOf('"');
  return malformed(Buffer.concat([text.subarray(0, at), Buffer.from([0xc3, 0x28, 0xff]), text.subarray(at)]));
};

/** Never an object, whatever follows. */
const randomBytes: Build = (frames) =>
  malformed(Buffer.concat([Buffer.from([0x80]), frames.random.bytes(frames.random.below(300))]));

const binary: Build = (frames, target) => {
  const frame = frames.request(target, frames.params(target));
  return { ...frame, data: Buffer.from(String(frame.data)) };
};

const fatal: Build = (frames, target) => {
  const data = frames.random.pick([
    toJson({ method: target.method, params: frames.params(target) }),
    toJson({ method: 'x', params: frames.random.pick(WRONG) }),
    toJson({ id: 1, result: frames.random.pick(WRONG) }),
    toJson({ id: 'x', error: { code: 1, message: 'x' } }),
  ]);
  return { data, fate: 'fatal' };
};

/** Ignored params, and it may be repeated; only before the handshake must it not come. */
const initialized: Build = (frames) => ({
  data: toJson({ method: 'initialized', params: frames.random.pick(WRONG) }),
  fate: frames.isOpen ? 'silent' : 'fatal',
});

/** Bytes changed, left out or put in somewhere. */
const damaged: Build = (frames, target) => {
  if (!target.isHarmless) return truncated(frames, target);
  const { random } = frames;
  const bytes = [...Buffer.from(frames.text(target))];
  for (let left = 1 + random.below(4); left > 0; left--)
    bytes.splice(random.below(bytes.length), random.below(3), ...random.bytes(random.below(3)));
  return { data: Buffer.from(bytes), fate: 'any' };
};

const BUILDERS: readonly (readonly [weight: number, build: Build])[] = [
  [300, valid],
  [200, wrongMember],
  [60, missingMember],
  [40, wrongParams],
  [20, paramsAsList],
  [20, unknownMethod],
  [20, extraMembers],
  [30, binary],
  [40, badEnvelope],
  [40, truncated],
  [20, doubled],
  [30, duplicateKey],
  [30, loneSurrogate],
  [20, deep],
  [10, tooManyValues],
  [20, noMessage],
  [5, byteOrderMark],
  [20, notUtf8],
  [30, randomBytes],
  [10, fatal],
  [10, initialized],
  [40, damaged],
];
const TOTAL_WEIGHT = BUILDERS.reduce((sum, [weight]) => sum + weight, 0);
