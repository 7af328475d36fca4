/** An instruction of classic BPF: operation, jumps if true and if false, operand. */
export type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

/** What an argument of a call has to be; its lower 32 bits, which are all that the kernel takes of an `int`. */
export interface Check {
  readonly argument: number;
  readonly mask?: number;
  readonly values: readonly number[];
}

const LOAD = 0x20;
const AND = 0x54;
const EQUALS = 0x15;
const AT_LEAST = 0x35;
const RETURN = 0x06;

const ALLOW = 0x7fff_0000;
const REFUSE = 0x0005_0001; // with EPERM
const KILL = 0x8000_0000;

/** Places in `struct seccomp_data`. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const ARGUMENTS = 16;

const load = (place: number): Instruction => [LOAD, 0, 0, place];
const result = (value: number): Instruction => [RETURN, 0, 0, value];
const loadArgument = (argument: number): Instruction => load(ARGUMENTS + 8 * argument);

/** Rules begin and, for other calls, end with the number of the call loaded. */
export function denyCall(call: number): Instruction[] {
  return onCall(call, [result(REFUSE)]);
}

/** Refused if the argument is one of the values. */
export function denyIf(call: number, argument: number, values: readonly number[]): Instruction[] {
  return onCall(call, [loadArgument(argument), ...oneOf(values, 1), result(ALLOW), result(REFUSE)]);
}

/** Refused unless all checks pass. */
export function allowOnly(call: number, checks: readonly Check[]): Instruction[] {
  const steps = checks.flatMap(({ argument, mask, values }): Instruction[] => [
    loadArgument(argument),
    ...(mask === undefined ? [] : [[AND, 0, 0, mask] as const]),
    ...oneOf(values, 1),
    result(REFUSE),
  ]);
  return onCall(call, [...steps, result(ALLOW)]);
}

/** Goes over the next `skipped` instructions if it is one of the values. */
function oneOf(values: readonly number[], skipped: number): Instruction[] {
  return values.map((value, index) => [EQUALS, values.length - 1 - index + skipped, 0, value]);
}

function onCall(call: number, then: readonly Instruction[]): Instruction[] {
  return [[EQUALS, 0, then.length, call], ...then];
}

/** The whole program as bytes. `hasX32`: a second set of numbers for the same calls, which is refused. */
export function assemble(audit: number, hasX32: boolean, rules: readonly (readonly Instruction[])[]): Buffer {
  const program: Instruction[] = [
    load(ARCHITECTURE),
    [EQUALS, 1, 0, audit],
    result(KILL),
    load(NUMBER),
    ...(hasX32 ? ([[AT_LEAST, 0, 1, 0x4000_0000], result(REFUSE)] as const) : []),
    ...rules.flat(),
    result(ALLOW),
  ];
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, ifTrue, ifFalse, operand], index) => {
    const place = index * 8;
    bytes.writeUInt16LE(code, place);
    bytes.writeUInt8(ifTrue, place + 2);
    bytes.writeUInt8(ifFalse, place + 3);
    bytes.writeUInt32LE(operand, place + 4);
  });
  return bytes;
}
