import type { ParsedArgs, Spec } from '../table';

/** Programs that look at the machine. Sources: GNU coreutils 9, util-linux 2.40, procps 4, systemd 256, bash 5.2. */
export const SYSTEM: Readonly<Record<string, Spec>> = {
  date: {
    does: 'prints the date',
    operands: 'text',
    flags: '-d: -u -I? -R --date= --utc --iso-8601[=] --rfc-3339= --rfc-email --universal',
    check: (call) => (call.operands.some((word) => !word.value.startsWith('+')) ? 'It could set the clock.' : undefined),
  },
  cal: { does: 'prints a calendar', operands: 'text', flags: '-1 -3 -y -m -s -j' },
  whoami: { does: 'prints the user', flags: '--version' },
  id: { does: 'prints the user', operands: 'text', flags: '-a -g -G -n -r -u -z --group --groups --name --real --user' },
  groups: { does: 'prints the groups', operands: 'text' },
  logname: { does: 'prints the user' },
  uname: {
    does: 'prints the system',
    flags: '-a -s -n -r -v -m -p -i -o --all --kernel-name --kernel-release --machine --operating-system',
  },
  arch: { does: 'prints the processor' },
  hostname: { does: 'prints the name of the machine', flags: '-s -f -i -I -d --short --fqdn --ip-address --all-ip-addresses' },
  uptime: { does: 'prints how long the machine runs', flags: '-p -s --pretty --since' },
  nproc: { does: 'counts processors', flags: '--all --ignore=' },
  free: { does: 'shows free memory', flags: '-b -k -m -g -h -t -w --human --mega --giga --total --wide' },
  vmstat: { does: 'shows memory use', operands: 'text', flags: '-a -s -d -w' },
  lscpu: { does: 'shows the processor', flags: '-a -e? -p? -J --json --extended[=] --parse[=]' },
  getconf: { does: 'shows a system value', operands: 'text', flags: '-a' },
  locale: { does: 'shows the language', operands: 'text', flags: '-a -m -k -c' },
  tty: { does: 'shows the terminal', flags: '-s' },
  sw_vers: { does: 'prints the system', flags: '-productName -productVersion -buildVersion --productVersion' },
  ps: {
    does: 'lists processes',
    operands: 'text',
    flags:
      '-A -a -d -e -f -F -l -j -w -H -L -T -M -m -r -x -u: -U: -p: -C: -o: -O: -g: -t: --pid= --ppid= --user= --format= --sort= --forest --no-headers --headers --cols=',
    // Without a dash, `e` would print the environment of each process.
    check: (call) =>
      call.operands.some((word) => !/^(?:[auxfwjlhTr]+|\d+)$/.test(word.value))
        ? 'It could print the environment of processes.'
        : undefined,
  },
  pgrep: {
    does: 'lists processes',
    operands: 'text',
    flags: '-a -c -d: -f -i -l -n -o -P: -u: -U: -v -w -x -g: -s: -t: --list-full --count --full --newest --oldest --exact --list-name',
  },
  pidof: { does: 'lists processes', operands: 'text', flags: '-s -x -c' },
  lsof: { does: 'lists open files', operands: 'text', flags: '-i? -n -P -p: -t -u: -a -c: -l -U -s?' },
  ss: {
    does: 'lists sockets',
    operands: 'text',
    flags: '-t -u -l -n -p -a -r -e -m -o -s -x -4 -6 -H -i --tcp --udp --listening --numeric --processes --all --summary',
  },
  netstat: { does: 'lists sockets', flags: '-t -u -l -n -p -a -r -e -s -i -4 -6 -v --tcp --udp --listening --numeric' },
  which: { does: 'finds a program', operands: 'text', tame: true, flags: '-a -s --all' },
  whereis: { does: 'finds a program', operands: 'text', flags: '-b -m -s' },
  type: { does: 'tells what a name runs', operands: 'text', flags: '-a -t -p -P -f' },
  command: {
    does: 'tells what a name runs',
    operands: 'text',
    flags: '-v -V',
    check: (call) => (call.flags.length > 0 ? undefined : 'It runs another command.'),
  },
  printenv: {
    does: 'prints a variable',
    operands: 'text',
    least: 1,
    check: (call) =>
      call.operands.every((word) => /^(?:PATH|HOME|USER|SHELL|PWD|LANG|LC_\w+|TERM|EDITOR|TMPDIR|NODE_ENV|CI)$/.test(word.value))
        ? undefined
        : 'It prints variables that may hold secrets.',
  },
  sleep: { does: 'waits', operands: 'text' },
  wait: { does: 'waits' },
  exit: { does: 'ends the line', operands: 'text', most: 1 },
  set: {
    does: 'sets how the shell handles failures',
    operands: 'text',
    check: setCheck,
    flags: '-e -u -x -eu -ex -o: -eo: -euo: -euxo: -uo:',
  },
  systemctl: {
    does: 'looks at services',
    flags: '--no-pager --user --system',
    sub: Object.fromEntries(
      [
        'status',
        'show',
        'is-active',
        'is-enabled',
        'is-failed',
        'list-units',
        'list-unit-files',
        'list-timers',
        'list-sockets',
        'cat',
        'list-dependencies',
      ].map((verb): [string, Spec] => [
        verb,
        {
          does: 'looks at services',
          operands: 'text',
          flags: '-a -l -n: -p: -t: --no-pager --user --system --all --full --lines= --property= --type= --state= --failed --value',
        },
      ]),
    ),
  },
  journalctl: {
    does: 'shows the log of the machine',
    operands: 'text',
    flags:
      '-u: -n: -b? -k -r -f -e -x -p: -S: -U: -o: -t: -g: --unit= --lines= --boot[=] --dmesg --reverse --follow --no-pager --priority= --since= --until= --output= --user --system --grep= --identifier= --disk-usage --list-boots --utc --no-hostname -q',
  },
  crontab: { does: 'shows timed jobs', flags: '-l', check: (call) => (call.flags.length > 0 ? undefined : 'It replaces the timed jobs.') },
  dpkg: {
    does: 'lists packages',
    operands: 'text',
    least: 0,
    flags: '-l -L -s -S --list --listfiles --status --search --version --print-architecture',
    check: needsFlag,
  },
  'dpkg-query': {
    does: 'lists packages',
    operands: 'text',
    flags: '-l -L -s -S -W -f: --list --listfiles --status --search --show --showformat=',
  },
  rpm: {
    does: 'lists packages',
    operands: 'text',
    flags: '-q -a -i -l -f -qa -qi -ql -qf --query --all --info --list',
    check: queriesOnly,
  },
};

function needsFlag(call: ParsedArgs): string | undefined {
  return call.flags.length > 0 ? undefined : 'It does more than list.';
}

/** The same letters install when rpm is not asked to query. */
function queriesOnly(call: ParsedArgs): string | undefined {
  return call.flags.some((flag) => /^(?:-q\w*|--query)$/.test(flag.name)) ? undefined : 'Without -q it installs.';
}

/** `set -euo pipefail` and the like; without options it would print every variable, with words it changes the arguments. */
function setCheck(call: ParsedArgs): string | undefined {
  if (call.operands.length > 0 || call.flags.length === 0) return 'It changes the shell.';
  const options = call.flags.flatMap((flag) => flag.values);
  return options.every((option) => /^(?:pipefail|errexit|nounset|xtrace)$/.test(option)) ? undefined : 'It changes the shell.';
}
