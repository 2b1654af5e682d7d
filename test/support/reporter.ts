import Mocha from 'mocha';
import { leaveResults, resultsOf, skippedLine, summary } from './results';

/** A process that does not end by itself after its tests has a leak; it is ended and counts as failed. */
const PATIENCE = 10_000;

/** Mocha's own report, and the one-line summary at the end. */
export default class Reporter extends Mocha.reporters.Spec {
  override epilogue(): void {
    super.epilogue();
    const results = resultsOf(this.stats, this.failures);
    leaveResults(results);
    Mocha.reporters.Base.consoleLog(skippedLine(results) + summary(results));
    setTimeout(() => {
      console.error(
        `Something is still open after the tests: ${process.getActiveResourcesInfo().join(', ')}. A test does not close what it starts.`,
      );
      // Mocha sets its own exit code last of all, unless somebody does so after it.
      process.once('exit', () => {
        process.exitCode = 1;
      });
      process.exit(1);
    }, PATIENCE).unref();
  }
}
