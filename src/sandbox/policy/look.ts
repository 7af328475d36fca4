/** What is at a path, a link at its end not followed. */
export type Found =
  | { readonly kind: 'folder' | 'file' | 'missing' }
  /** Its folder may not be entered. */
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'link'; readonly target: string };

/** A name in a folder; as bytes where it is no UTF-8. */
export interface Listed {
  readonly name: string | Buffer;
  readonly isFolder: boolean;
}

/**
 * What the policy has to know about the disk. Paths are absolute. Errors other than those that have a `Found` are thrown.
 */
export interface FileLook {
  /**
   * Everything that is neither folder nor link is a `file`. A placeholder, that is, a folder that is there only because a
   * running sandbox blocks its name, must be called `missing`.
   */
  at(path: string): Promise<Found>;
  /** Nothing for a folder that may not be read. */
  list(folder: string): Promise<readonly Listed[]>;
  /** The beginning of a small file, at least 4 KiB; undefined for one that may not be read. */
  read(path: string): Promise<string | undefined>;
}
