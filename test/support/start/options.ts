import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError } from '../editor-host/install';

export type StartOptions = {
  readonly folder: string | undefined;
  readonly port: number | undefined;
  readonly fresh: boolean;
  readonly open: boolean;
  readonly check: boolean;
};

const USAGE = `npm start -- [options]
  --folder PATH   open this folder instead of the sample project
  --port N        listen on this port (default: 4180, or the next free one)
  --fresh         begin with a new copy of the sample project
  --no-open       do not open a browser
  --check         start, look for Plumb's panel in a headless browser, and stop`;

/** Reads the command line of `npm start`; prints the help itself when that is asked for. */
export function readOptions(args: readonly string[]): StartOptions | 'help' {
  const { values } = parse(args);
  if (values.help) {
    console.log(USAGE);
    return 'help';
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new SetupError(`"${values.port}" is not a port.`, 'Give a number from 1 to 65535: `npm start -- --port 4180`.');
  }
  const desktop = process.platform === 'darwin' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  return {
    // npm runs scripts in the folder of package.json; a relative path is meant from where the user stands.
    folder: values.folder === undefined ? undefined : resolve(process.env.INIT_CWD ?? process.cwd(), values.folder),
    port,
    fresh: values.fresh,
    open: !values['no-open'] && !values.check && desktop && !process.env.CI && process.stdout.isTTY === true,
    check: values.check,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        folder: { type: 'string' },
        port: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new SetupError(error instanceof Error ? error.message : String(error), USAGE);
  }
}
