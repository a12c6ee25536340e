// The two ways in which a command ends without having done it, other than what the server says.

/** The command was called wrongly: exit code 2. */
export class Usage extends Error {
  override readonly name = 'Usage';
}

/** It could not be done: exit code 1. `next` says what to try. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly next: string | null;
  constructor(message: string, next: string | null = null) {
    super(message);
    this.next = next;
  }
}
