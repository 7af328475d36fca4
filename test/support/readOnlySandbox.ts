/** A sandbox as Codex asks for by default: it reads everything, writes nothing, and has no network. */
export const READ_ONLY_SANDBOX = {
  permissions: {
    type: 'managed',
    network: 'restricted',
    file_system: {
      type: 'restricted',
      entries: [{ path: { type: 'special', value: { kind: 'root' } }, access: 'read' }],
    },
  },
  windowsSandboxLevel: 'disabled',
};
