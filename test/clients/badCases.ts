/** What people connect to by mistake, and the sentence that each gets. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentConfig } from '../../src/environment';
import { closedPort, echo, mute, web, webSocket, type Bad } from './badServers';

/** In no error text. */
export const TOKEN = 'a-token-that-is-secret';
export const TIMEOUTS = { connectTimeoutMs: 400, initializeTimeoutMs: 400 };

export type Address = EnvironmentConfig extends infer C ? (C extends unknown ? Omit<C, 'id'> : never) : never;

export interface BadCase {
  readonly what: string;
  /** It is waited for in vain: with short time limits. */
  readonly waits?: true;
  /** What listens, and goes with the case. */
  readonly server?: () => Promise<Bad>;
  /** @param folder a temporary one */
  readonly address: (port: number, folder: string) => Address;
  /** The sentence behind the environment's id. */
  readonly says: RegExp;
}

const url = (port: number): Address => ({ url: `ws://127.0.0.1:${String(port)}` });
const ws = (words: string): RegExp =>
  new RegExp(`^cannot connect to ws://127\\.0\\.0\\.1:\\d+(/…)?: ${words}$`);
const program = (words: string): RegExp => new RegExp(`^cannot connect to the command “[^”]+”: ${words}$`);

const overSocket: readonly BadCase[] = [
  {
    what: 'a port where nothing listens',
    server: closedPort,
    address: url,
    says: ws('nothing listens there \\(connection refused\\)\\. Start the exec-server, or correct the port'),
  },
  {
    what: 'a host that there is not',
    address: () => ({ url: 'ws://no-such-host.invalid:1/' }),
    says: /^cannot connect to ws:\/\/no-such-host\.invalid:1: (there is no host of that name\. Correct the URL|the name of the host could not be looked up now\. Check the network)$/,
  },
  {
    what: 'a host that says nothing',
    waits: true,
    server: mute,
    address: url,
    says: ws('it did not answer within 0\\.4 s\\. Check the address and the network'),
  },
  {
    what: 'a web server',
    server: () => web(404),
    address: (port) => ({ url: `ws://127.0.0.1:${String(port)}/${TOKEN}` }),
    says: ws(
      'it answered with HTTP 404 instead of a WebSocket: it is no exec-server, or the path of the URL is wrong',
    ),
  },
  {
    what: 'a server that refuses the connection',
    server: () => web(403),
    address: url,
    says: ws(
      'it refused the connection \\(HTTP 403\\)\\. Connect to the port that the server itself prints; .+',
    ),
  },
  {
    what: 'a server that is full',
    server: () => web(503),
    address: url,
    says: ws('it takes no more connections now \\(HTTP 503\\)\\. Try again later'),
  },
  {
    what: 'wss:// where there is no TLS',
    server: () => web(404),
    address: (port) => ({ url: `wss://127.0.0.1:${String(port)}` }),
    says: /^cannot connect to wss:\/\/127\.0\.0\.1:\d+: it does not speak TLS as wss:\/\/ needs it\. Use ws:\/\/ or another port$/,
  },
  {
    what: 'a server that echoes bytes',
    server: echo,
    address: url,
    says: ws('it does not answer as a WebSocket server \\(.+\\)\\. Correct the URL'),
  },
  {
    what: 'a server that echoes messages',
    server: () => webSocket((text, socket) => socket.send(text)),
    address: url,
    says: ws('it sends back what it is sent: it is no exec-server\\. Correct the URL or the command'),
  },
  {
    what: 'a server that sends something else',
    server: () => webSocket((_, socket) => socket.send('\u001b[31mhello <b>')),
    address: url,
    says: ws(
      'it sent “\\[31mhello <b>”, which is no message of an exec-server\\. Correct the URL or the command',
    ),
  },
  {
    what: 'a server of another protocol',
    server: () => webSocket((_, socket) => socket.send('{"id":0,"result":{"userAgent":"x"}}')),
    address: url,
    says: ws(
      'it answered the handshake in another protocol than exec-server’s\\. Use a newer codex or Exec Server there',
    ),
  },
  {
    what: 'a server that refuses the handshake',
    server: () => webSocket((_, socket) => socket.send('{"id":0,"error":{"code":-32600,"message":"full"}}')),
    address: url,
    says: ws('it refused: full'),
  },
  {
    what: 'a server that stops answering in the handshake',
    waits: true,
    server: () => webSocket(() => undefined),
    address: url,
    says: ws('it did not answer the handshake within 0\\.4 s\\. Is it an exec-server\\?'),
  },
  {
    what: 'a server that hangs up in the handshake',
    server: () => webSocket((_, socket) => socket.close(1008, 'no room')),
    address: url,
    says: ws('the connection ended before the handshake: no room\\. Is it an exec-server\\?'),
  },
];

const ofUrls: readonly BadCase[] = [
  {
    what: 'a token that would cross the network readable',
    address: () => ({ url: 'ws://192.0.2.1:1', authBearerToken: TOKEN }),
    says: /^cannot connect to ws:\/\/192\.0\.2\.1:1: exec-server WebSocket headers require wss:\/\/ or a loopback destination: .*Use wss:\/\/, or forward a port.*$/,
  },
  {
    what: 'a token that is none',
    address: () => ({ url: 'ws://127.0.0.1:1', authBearerToken: `${TOKEN}\n${TOKEN}` }),
    says: ws(
      'the token is empty or holds white space or other characters that no token has\\. Copy it again',
    ),
  },
  {
    what: 'a URL of another kind',
    address: () => ({ url: `http://127.0.0.1/${TOKEN}` }),
    says: /^the URL of an exec-server begins with ws:\/\/ or wss:\/\/, not with http:\/\/$/,
  },
  {
    what: 'a URL with a password',
    address: () => ({ url: `ws://me:${TOKEN}@127.0.0.1/` }),
    says: /^the URL of an exec-server must not hold a user name or password; give the token by itself$/,
  },
  {
    what: 'no URL at all',
    address: () => ({ url: TOKEN }),
    says: /^the URL of the exec-server is not valid; write ws:\/\/HOST:PORT\/TOKEN$/,
  },
];

const shell = (script: string) => (): Address => ({ program: '/bin/sh', args: ['-c', script] });

const ofPrograms: readonly BadCase[] = [
  {
    what: 'a program that there is not',
    address: () => ({ program: 'no-such-program', args: ['--listen', 'stdio'] }),
    says: program(
      'there is no program “no-such-program” on this machine\\. Install it, or give its full path',
    ),
  },
  {
    what: 'a program in a folder that there is not',
    address: () => ({ program: 'sh', cwd: '/no/such/folder' }),
    says: program(
      'there is no program “sh” on this machine, or no folder “/no/such/folder”\\. Install it, or give its full path',
    ),
  },
  {
    what: 'a file that is no program',
    address: (_, folder) => {
      writeFileSync(join(folder, 'plain'), 'text');
      return { program: join(folder, 'plain') };
    },
    says: program(
      '“.+/plain” may not be run: permission denied\\. Make it executable, or name another program',
    ),
  },
  {
    what: 'a program that exits at once',
    address: shell('echo "no such host: box" >&2; exit 255'),
    says: program(
      'the connection ended before the handshake: the program ended with status 255; the last it said was “no such host: box”\\. Is it an exec-server\\?',
    ),
  },
  {
    what: 'a program that warns before it exits',
    address: shell(
      'echo "Warning: Permanently added box to the list of known hosts." >&2; echo "** WARNING: no post-quantum key exchange" >&2; echo "no such host: box" >&2; exit 255',
    ),
    says: program(
      'the connection ended before the handshake: the program ended with status 255; the last it said was “no such host: box”\\. Is it an exec-server\\?',
    ),
  },
  {
    what: 'a program that a signal ends',
    address: shell('kill -9 $$'),
    says: program(
      'the connection ended before the handshake: the program was ended by SIGKILL\\. Is it an exec-server\\?',
    ),
  },
  {
    what: 'a program that writes and writes',
    address: shell('exec yes nonsense'),
    says: program(
      'it sent “nonsense nonsense .*…”, which is no message of an exec-server\\. Correct the URL or the command',
    ),
  },
  {
    what: 'a program that writes a line without an end',
    address: shell("tr '\\0' x </dev/zero; :"),
    says: program(
      'the connection ended before the handshake: a line has more than 67108864 bytes\\. Is it an exec-server\\?',
    ),
  },
  {
    what: 'a program that writes something else than text',
    address: shell("printf '\\377\\n'; exec sleep 600"),
    says: program(
      'the connection ended before the handshake: a line is not UTF-8\\. Is it an exec-server\\?',
    ),
  },
  {
    what: 'a program that sends back what it gets',
    address: shell('exec cat'),
    says: program('it sends back what it is sent: it is no exec-server\\. Correct the URL or the command'),
  },
  {
    what: 'a program that is silent after a banner, and does not care for the end of its input',
    waits: true,
    address: shell('echo "Welcome to box"; exec sleep 600'),
    says: program(
      "it did not answer the handshake within 0\\.4 s; what it sent is no exec-server's answer: “Welcome to box”\\. Is it an exec-server\\?",
    ),
  },
];

export const badCases: readonly BadCase[] = [...overSocket, ...ofUrls, ...ofPrograms];
