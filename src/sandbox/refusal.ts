/**
 * A sandbox that was asked for and that cannot be enforced: nothing may be run or changed. The message is one text for a
 * model and a person; it names the field, the reason and the way out.
 */
export class SandboxRefusal extends Error {
  override readonly name = 'SandboxRefusal';

  constructor(
    /** Where in the request it is, such as `permissions.network`; empty if no single field is at fault. */
    readonly field: string,
    /** What is wrong, without a full stop. */
    readonly reason: string,
    /** What to do about it, a whole sentence. */
    readonly remedy: string,
  ) {
    super(
      `sandbox refused${field === '' ? '' : ` at \`${field}\``}: ${reason}. Nothing was run or changed. ${remedy}`,
    );
  }
}
