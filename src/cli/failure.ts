/** Ends the command line before a run could start: what happened, what to do, and the exit code. */
export class Failure extends Error {
  constructor(
    readonly exitCode: 1 | 2,
    message: string,
    readonly next: string,
  ) {
    super(message);
    this.name = 'Failure';
  }
}
