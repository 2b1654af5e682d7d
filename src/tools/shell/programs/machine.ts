import type { ParsedArgs, Spec } from '../table';
import { onlyWith, plainNames, verbs, version } from './make';

/** Facts of the machine. Sources: util-linux 2.40, procps-ng 4, iproute2 6, psmisc 23, sysstat 12, man-db 2.13, macOS manuals. */

const CHANGES = 'It could change the machine.';

export const MACHINE: Readonly<Record<string, Spec>> = {
  who: { does: 'shows who is logged in', operands: 'text', flags: '-a -b -d -H -l -m -q -r -s -t -T -u --all --count --heading' },
  w: { does: 'shows who is logged in', operands: 'text', flags: '-h -s -f -i -o' },
  users: { does: 'shows who is logged in' },
  last: { does: 'shows who was logged in', operands: 'text', flags: '-# -n: -a -d -F -i -R -w -x' },
  finger: version(),
  lsusb: { does: 'lists devices', flags: '-v -t -s: -d:' },
  lspci: { does: 'lists devices', flags: '-v -vv -vvv -k -n -nn -t -m -mm -s: -d: -D' },
  lsmod: { does: 'lists modules of the kernel' },
  modinfo: { does: 'shows a module of the kernel', operands: 'text', flags: '-a -d -l -p -n -F:', check: plainNames },
  lshw: { does: 'lists devices', flags: '-short -json -html -xml -businfo -C: -class: -sanitize -quiet' },
  lsns: { does: 'lists namespaces', flags: '-l -n -p: -t: --json' },
  lsipc: { does: 'lists shared memory', flags: '-m -q -s -g' },
  lslocks: { does: 'lists locks of files', flags: '-n -u -p: --json' },
  lslogins: { does: 'lists users', operands: 'text', flags: '-u -s -a' },
  blkid: version(),
  pstree: { does: 'lists processes', operands: 'text', flags: '-a -A -c -g -h -l -n -p -s -T -u -U -C:' },
  top: {
    does: 'lists processes',
    flags: '-b -n: -p: -u: -U: -o: -c -H -i -w: -d: -E: -e: -l: -s: -S -1 -bn: -stats:',
    check: onlyWith('Without -b it waits for keys.', '-b', '-bn', '-l'),
  },
  iostat: { does: 'shows the work of disks', operands: 'text', flags: '-c -d -h -k -m -N -p? -t -x -y -z' },
  mpstat: { does: 'shows the work of processors', operands: 'text', flags: '-A -u -P:' },
  pidstat: { does: 'shows the work of processes', operands: 'text', flags: '-d -h -I -l -r -s -t -u -v -w -p: -C:' },
  sar: { does: 'shows the work of the machine', operands: 'text', flags: '-A -b -B -d -n: -q -r -u -w -P:' },
  pmap: { does: 'shows the memory of a process', operands: 'text', flags: '-x -X -d -q' },
  prtstat: { does: 'shows a process', operands: 'text', flags: '-r' },
  numactl: { does: 'shows memory', flags: '--hardware -H --show -s', check: onlyWith(CHANGES, '--hardware', '-H', '--show', '-s') },
  ip: {
    does: 'shows the network',
    flags:
      '-4 -6 -br -brief -c -color -d -details -j -json -o -oneline -p -pretty -s -stats -statistics -f: -family: -h -human -r -resolve -t',
    sub: verbs('shows the network', '', IP_OBJECTS(), { check: ipShows }),
  },
  ifconfig: { does: 'shows the network', operands: 'text', most: 1, flags: '-a -s -l', check: plainNames },
  arp: { does: 'shows neighbours in the network', flags: '-a -n -e -v' },
  route: { does: 'shows routes', flags: '-n -e -v -4 -6' },
  iwconfig: { does: 'shows the network', operands: 'text', most: 1 },
  nmcli: {
    does: 'shows the network',
    flags: '-t -p -f: -c: --terse --pretty --fields= --colors=',
    sub: verbs('shows the network', '--active', [
      'device',
      'device status',
      'device show',
      'connection show',
      'general',
      'general status',
      'dev',
      'dev status',
    ]),
  },
  dmesg: {
    does: 'shows messages of the kernel',
    flags:
      '-T -H -L -l: -f: -k -P -r -t -u -x -w -W --human --ctime --level= --facility= --nopager --color[=] --follow --since= --until= --json',
  },
  mount: { does: 'lists file systems', flags: '-l -v -t:' },
  findmnt: {
    does: 'lists file systems',
    operands: 'text',
    flags:
      '-a -A -b -D -f -i -J -k -l -m -n -o: -O: -P -r -R -s -S: -t: -T: -u --json --real --fstab --kernel --df --output= --types= --target=',
  },
  swapon: { does: 'shows swap space', flags: '-s --show[=] --summary', check: onlyWith(CHANGES, '-s', '--show', '--summary') },
  service: { does: 'shows a service', operands: 'text', most: 2, flags: '--status-all', check: serviceStatus },
  loginctl: {
    does: 'shows who is logged in',
    flags: '--no-pager --no-legend',
    sub: verbs('shows who is logged in', '--no-pager --no-legend -p: --property=', [
      'list-sessions',
      'list-users',
      'list-seats',
      'session-status',
      'show-session',
      'show-user',
      'user-status',
    ]),
  },
  timedatectl: {
    does: 'shows the time',
    operands: 'text',
    most: 1,
    flags: '--no-pager',
    check: verbIs(/^(?:status|show|list-timezones|timesync-status)$/),
  },
  hostnamectl: { does: 'shows the machine', operands: 'text', most: 1, flags: '--json= --static --pretty', check: verbIs(/^status$/) },
  localectl: {
    does: 'shows the language',
    operands: 'text',
    most: 1,
    flags: '--no-pager',
    check: verbIs(/^(?:status|list-locales|list-keymaps)$/),
  },
  sysctl: {
    does: 'shows values of the kernel',
    operands: 'text',
    flags: '-a -A -n -N -e -q -b -h --all --values --names',
    check: (call) => (call.operands.some((word) => word.value.includes('=')) ? 'It sets a value of the kernel.' : undefined),
  },
  system_profiler: { does: 'shows the machine', operands: 'text', flags: '-json -xml -detailLevel: -listDataTypes' },
  ioreg: { does: 'lists devices', operands: 'text', flags: '-l -w: -r -c: -n: -p: -a -x -b -d:' },
  vm_stat: { does: 'shows memory use' },
  pmset: { does: 'shows power', operands: 'text', flags: '-g', check: onlyWith(CHANGES, '-g') },
  scutil: { does: 'shows the network', flags: '--dns --proxy --get:', check: onlyWith(CHANGES, '--dns', '--proxy', '--get') },
  mdls: { does: 'shows facts of files', operands: 'paths', flags: '-name: -raw -nullMarker:' },
  mdfind: { does: 'finds files', operands: 'text', flags: '-name: -onlyin: -count -0 -literal' },
  sips: {
    does: 'shows facts of pictures',
    operands: 'paths',
    flags: '-g: --getProperty=',
    check: onlyWith('It could write the picture.', '-g', '--getProperty'),
  },
  launchctl: { does: 'lists services', sub: verbs('lists services', '', ['list', 'print', 'print-disabled', 'version', 'managername']) },
  defaults: { does: 'shows settings', sub: verbs('shows settings', '-g -globalDomain', ['read', 'read-type', 'domains', 'find']) },
  xattr: { does: 'shows facts of files', operands: 'paths', flags: '-l -p: -r -v -x' },
  getfacl: { does: 'shows rights of files', operands: 'paths', names: true, tame: true, flags: '-a -d -c -e -E -R -s -L -P -t -n -p' },
  getfattr: { does: 'shows facts of files', operands: 'paths', flags: '-n: -d -e: -h -m: -R' },
  lsattr: { does: 'shows facts of files', operands: 'paths', names: true, tame: true, flags: '-R -a -d -v -p' },
  namei: { does: 'shows where a path leads', operands: 'paths', names: true, tame: true, flags: '-x -m -o -l -v -n' },
  pathchk: { does: 'checks names', operands: 'text', flags: '-p -P' },
  locate: {
    does: 'finds files',
    operands: 'text',
    flags: '-# -A -b -c -e -i -l: -n: -q -r: -w -0 -S --ignore-case --count --limit= --basename --existing --regex',
  },
  plocate: {
    does: 'finds files',
    operands: 'text',
    flags: '-A -b -c -e -i -l: -n: -q -r: -w -0 --ignore-case --count --limit= --basename --existing --regex',
  },
  man: { does: 'shows a manual page', operands: 'text', flags: '-# -k -f -w -a -s: --where --path', check: plainNames },
  whatis: { does: 'looks up a manual page', operands: 'text', flags: '-l -w -r', check: plainNames },
  apropos: { does: 'looks up a manual page', operands: 'text', flags: '-a -e -l -s: -w', check: plainNames },
  tldr: { does: 'shows a manual page', operands: 'text', check: plainNames },
  help: { does: 'shows help of the shell', operands: 'text', flags: '-d -m -s' },
  whence: { does: 'tells what a name runs', operands: 'text', zsh: true, flags: '-v -c -w -p -a -f -s' },
  where: { does: 'tells what a name runs', operands: 'text', zsh: true, flags: '-w -p -s' },
  setopt: { does: 'lists options of the shell', zsh: true },
  history: {
    does: 'shows earlier lines',
    operands: 'text',
    most: 1,
    check: (call) => (call.operands.every((word) => /^\d+$/.test(word.value)) ? undefined : CHANGES),
  },
  alias: { does: 'lists short names' },
  jobs: { does: 'lists jobs', flags: '-l -p -r -s' },
  times: { does: 'shows the time used' },
  hash: { does: 'lists programs that were run' },
  ulimit: { does: 'shows limits', flags: '-a -c -d -f -H -l -m -n -p -q -r -s -S -t -u -v -w -x' },
  umask: { does: 'shows the rights of new files', flags: '-S -p' },
  dirs: { does: 'lists folders', flags: '-l -p -v' },
  clear: { does: 'clears the screen' },
  tput: { does: 'shows the terminal', operands: 'text', check: verbIs(/^(?:cols|lines|colors|longname|bold|sgr0|setaf|setab|\d+)$/) },
  stty: { does: 'shows the terminal', operands: 'text', most: 1, flags: '-a', check: verbIs(/^size$/) },
  nvidia: version(),
  'nvidia-smi': { does: 'shows the graphics card', flags: '-L -q --query-gpu= --format= --list-gpus' },
  sensors: { does: 'shows temperatures', operands: 'text', flags: '-f -A -u -j' },
  acpi: { does: 'shows power', flags: '-a -b -t -V -i' },
  getent: {
    does: 'looks up users and groups',
    operands: 'text',
    least: 1,
    most: 2,
    check: verbFirst(/^(?:passwd|group|services|protocols|shells)$/),
  },
};

function IP_OBJECTS(): readonly string[] {
  return ['a', 'addr', 'address', 'l', 'link', 'r', 'ro', 'route', 'n', 'neigh', 'neighbor', 'rule', 'maddr', 'tunnel', 'mroute'];
}

/** `ip addr show eth0`, `ip route get 1.1.1.1`: what adds, changes or flushes has another word. */
function ipShows(call: ParsedArgs): string | undefined {
  const [verb = 'show', ...rest] = call.operands.map((word) => word.value);
  if (!/^(?:s|sh|show|list|ls|l|get)$/.test(verb)) return CHANGES;
  return rest.every((word) => /^[A-Za-z0-9_.:/-]+$/.test(word)) ? undefined : CHANGES;
}

function verbIs(shape: RegExp): NonNullable<Spec['check']> {
  return (call) => (call.operands.every((word) => shape.test(word.value)) ? undefined : CHANGES);
}

function verbFirst(shape: RegExp): NonNullable<Spec['check']> {
  return (call) => (shape.test(call.operands[0]?.value ?? '') ? undefined : 'It could ask the network.');
}

function serviceStatus(call: ParsedArgs): string | undefined {
  if (call.operands.length === 0) return call.flags.length > 0 ? undefined : CHANGES;
  return call.operands.length === 2 && call.operands[1]?.value === 'status' ? plainNames(call) : CHANGES;
}
