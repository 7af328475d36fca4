import { connect } from 'node:net';

/** So often is said that somebody is asked, in ms: whoever waits for ssh takes a silent one for dead. */
const TELL_MS = 3000;
/** How soon the end of ssh is noticed, in ms: there is no stream that tells it. */
const LOOK_MS = 300;

// Run by ssh through the editor's SSH_ASKPASS: hands a question to the editor, and its answer back.
const [, , path = '', question = ''] = process.argv;
const tell = (): unknown => process.stderr.write('exec-server: attach: ssh waits for an answer\n');
tell();
setInterval(tell, TELL_MS).unref();
const ssh = process.ppid;
setInterval(() => process.ppid === ssh || process.exit(1), LOOK_MS).unref();
let said = '';
const socket = connect(path, () =>
  socket.write(`${JSON.stringify({ of: process.env['EXEC_SERVER_ASK_OF'], question })}\n`),
);
socket.setEncoding('utf8');
socket.on('data', (chunk: string) => (said += chunk));
socket.on('error', () => process.exit(1));
socket.on('close', () => {
  // Without an answer ssh gives up.
  if (said === '') process.exit(1);
  process.stdout.write(`${JSON.parse(said) as string}\n`);
});
