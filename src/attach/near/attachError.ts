/** Why a machine could not be attached to, and what would help: a sentence for people. */
export class AttachError extends Error {}
