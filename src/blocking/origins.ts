const BY_DESCRIPTOR = /^\/proc\/self\/fd\/(\d+)(?=\/|$)/;

/** Where open descriptors were opened: what is done with them needs the same disk. */
export class Origins {
  private readonly places = new Map<number, string>();

  add(fd: number, place: string): void {
    this.places.set(fd, place);
  }

  remove(fd: number): void {
    this.places.delete(fd);
  }

  /** With one character for each byte. */
  of(fd: number): string {
    return this.places.get(fd) ?? '/';
  }

  /** The path with one character for each byte; one that begins at a descriptor begins where that was opened. */
  ofPath(path: string | Buffer): string {
    const text = Buffer.from(path).toString('latin1');
    return text.replace(BY_DESCRIPTOR, (_, fd: string) => this.of(Number(fd)).replace(/\/$/, '')) || '/';
  }
}
