import { DOORS_HELP } from './doors/help';

export const HELP = `Usage: exec-server [--listen URL] [--auth token|none | --ws-auth MODE ...]
       exec-server attach -- PROGRAM ARGS...   one on another machine: see exec-server attach --help

Runs commands for AI agents that speak the exec-server protocol, such as the Codex CLI.
The first line on stdout is the URL to connect to; with its token, anyone on this machine can run commands.

Options:
  --listen URL   ws://IP:PORT: where to listen, ws://127.0.0.1:0 by default; port 0 takes any free port
                 stdio or stdio://: one client, on stdin and stdout; ends with stdin
  --auth MODE    token (default): the URL ends with a secret that clients must present
                 none: any program of any user on this machine may run commands
  --workspace DIR
                 the folder whose agents find this server; may be given more than once; by default
                 the one it is started in
  --help         show this text
  --version      show the version

Instead of --auth, a token of your own in the header "Authorization: Bearer TOKEN". Only then may the
address be one that other machines can reach; put TLS or a tunnel in front of it.
  --ws-auth capability-token                 one token for all clients, by one of:
      --ws-token-file PATH                   a file that contains it
      --ws-token-sha256 HEX                  its SHA-256 digest
  --ws-auth signed-bearer-token              JSON web tokens, signed with HS256, with an expiry (exp)
      --ws-shared-secret-file PATH           a file that contains the secret, of 32 bytes or more
      --ws-issuer ISSUER                     what iss must be
      --ws-audience AUDIENCE                 what aud must be or contain
      --ws-max-clock-skew-seconds SECONDS    by how much clocks may differ, 30 by default

Bounds, each with an error that names it; N is a whole number:
  --max-connections N                        64 clients at once
  --handshake-timeout-ms N                   5000, for the HTTP request of a connection
  --initialize-timeout-ms N                  30000, until a client has said initialize
  --max-message-bytes N                      67108864 (64 MiB), in and out
  --concurrent-requests N                    64 of each connection; control requests do not count
  --queued-requests N                        1024 of each connection that wait for their turn
  --held-bytes-per-connection N              134217728 (128 MiB) of requests, replies, input that waits
  --held-bytes N                             268435456 (256 MiB) of those of all clients
  --max-processes-per-session N              256 that have not closed
  --max-processes N                          1024 of all clients
  --retained-bytes-per-process N             1048576 (1 MiB) of output for late readers
  --retained-bytes N                         67108864 (64 MiB) of all processes
  --spilled-bytes-per-process N              268435456 (256 MiB) of older output, with --spill-folder
  --spilled-bytes N                          1073741824 (1 GiB) of all processes

  --spill-folder PATH                        keeps output that leaves memory in files there, which only this
                                             user can read and which end with their processes' rows

Examples:
  exec-server --listen ws://127.0.0.1:4500
  CODEX_EXEC_SERVER_URL=ws://127.0.0.1:4500/TOKEN codex

  In environments.toml of the Codex CLI, which then starts it by itself:
  [[environments]]
  id = "here"
  program = "exec-server"
  args = ["--listen", "stdio"]

${DOORS_HELP}`;
