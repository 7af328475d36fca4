export const DOORS_HELP = `For agents and people, in a folder that is open in an editor with Exec Server, or that a server was started for:
  exec-server connect                        the wire of that window's exec-server, on stdin and stdout
  exec-server mcp                            its tools for MCP clients, on stdin and stdout
  exec-server run [--required] -- PROGRAM [ARGUMENT…]
                                             runs a command there as if it ran here; without a window here,
                                             or with --required not at all
  exec-server agents [--json]                the agents of this machine, and what connecting would write where
  exec-server agents connect|disconnect NAME
                                             writes it, or takes it out again
`;
