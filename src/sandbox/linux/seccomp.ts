import { SandboxRefusal } from '../refusal';
import { allowOnly, assemble, denyCall, denyIf, type Instruction } from './bpf';

type Calls = Readonly<Record<Name, number>>;
type Name =
  | 'ioctl'
  | 'socket'
  | 'socketpair'
  | 'ptrace'
  | 'process_vm_readv'
  | 'process_vm_writev'
  | 'add_key'
  | 'request_key'
  | 'keyctl';

const X64: Calls = {
  ioctl: 16,
  socket: 41,
  socketpair: 53,
  ptrace: 101,
  add_key: 248,
  request_key: 249,
  keyctl: 250,
  process_vm_readv: 310,
  process_vm_writev: 311,
};
const ARM64: Calls = {
  ioctl: 29,
  ptrace: 117,
  socket: 198,
  socketpair: 199,
  add_key: 217,
  request_key: 218,
  keyctl: 219,
  process_vm_readv: 270,
  process_vm_writev: 271,
};
const ARCHITECTURES = {
  x64: { audit: 0xc000_003e, calls: X64, hasX32: true },
  arm64: { audit: 0xc000_00b7, calls: ARM64, hasX32: false },
} as const;

/** Numbers of the calls of `io_uring`, the same everywhere: it does what it is asked without the calls that are filtered. */
const IO_URING = [425, 426, 427];

const AF = { unix: 1, inet: 2, inet6: 10, netlink: 16, vsock: 40 };
const SOCK = { stream: 1, seqpacket: 5 };
const TYPE_MASK = 0xf;
/** They put input into a terminal, also into one outside. */
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;

/**
 * The seccomp filter of a sandbox, as bubblewrap takes it: instructions of classic BPF, 8 bytes each. What it refuses
 * fails with EPERM; calls of another architecture kill the process. Without network there are no sockets out of reach of
 * the network namespace: none of Unix, but for connected pairs, since one end of a pair of datagrams can be sent elsewhere.
 *
 * @throws SandboxRefusal for an architecture other than x64 and arm64
 */
export function seccompProgram(options: { readonly arch: string; readonly network: boolean }): Buffer {
  const { arch, network } = options;
  if (arch !== 'x64' && arch !== 'arm64')
    throw new SandboxRefusal(
      '',
      `there is no seccomp filter for ${arch}`,
      'Use a machine with x64 or arm64.',
    );
  const { audit, calls, hasX32 } = ARCHITECTURES[arch];
  const rules: Instruction[][] = [
    ...[...IO_URING, calls.add_key, calls.request_key, calls.keyctl].map(denyCall),
    denyIf(calls.ioctl, 1, [TIOCSTI, TIOCLINUX]),
    ...(network ? [denyIf(calls.socket, 0, [AF.vsock])] : offline(calls)),
  ];
  return assemble(audit, hasX32, rules);
}

function offline(calls: Calls): Instruction[][] {
  return [
    ...[calls.ptrace, calls.process_vm_readv, calls.process_vm_writev].map(denyCall),
    allowOnly(calls.socket, [{ argument: 0, values: [AF.inet, AF.inet6, AF.netlink] }]),
    allowOnly(calls.socketpair, [
      { argument: 0, values: [AF.unix] },
      { argument: 1, mask: TYPE_MASK, values: [SOCK.stream, SOCK.seqpacket] },
    ]),
  ];
}
