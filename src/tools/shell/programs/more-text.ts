import { sqlReason } from '../scripts/sql';
import type { ParsedArgs, Spec } from '../table';
import { onlyWith } from './make';

/** More filters, formats and databases. Sources: GNU coreutils 9, bc 1.07, mikefarah yq 4, libxml2, psql 17, mysql 8, sqlite 3.46, redis 7. */

const WRITES = 'It could write.';

export const MORE_TEXT: Readonly<Record<string, Spec>> = {
  shuf: {
    does: 'mixes lines',
    operands: 'paths',
    flags: '-e -i: -n: -r -z --echo --input-range= --head-count= --repeat --zero-terminated',
  },
  numfmt: {
    does: 'converts numbers',
    operands: 'text',
    flags:
      '-d: -z --to= --from= --suffix= --padding= --field= --format= --header[=] --grouping --round= --from-unit= --to-unit= --delimiter= --invalid=',
  },
  factor: { does: 'factors numbers', operands: 'text' },
  expr: { does: 'computes', operands: 'text' },
  bc: { does: 'computes', flags: '-l -q -s -w --mathlib --quiet' },
  tsort: { does: 'sorts lines', operands: 'paths', most: 1 },
  sum: { does: 'prints checksums', operands: 'paths', tame: true, flags: '-r -s' },
  crc32: { does: 'prints checksums', operands: 'paths' },
  pr: { does: 'prints pages', operands: 'paths', tame: true, flags: '-# -a -d -h: -l: -m -n? -o: -t -T -w: -W: -s? -e? -i? -J' },
  sdiff: {
    does: 'compares files',
    operands: 'paths',
    flags: '-i -E -Z -b -W -B -a -l -s -t -d -w: --ignore-case --suppress-common-lines --width=',
  },
  diff3: { does: 'compares files', operands: 'paths', flags: '-A -e -E -i -L: -m -T -x -X -3' },
  colordiff: { does: 'compares files', operands: 'paths', flags: '-u -r -q -y -w -b -B -i -U: -N -a' },
  icdiff: { does: 'compares files', operands: 'paths', flags: '-r -N -u -W -H --cols=' },
  delta: { does: 'shows differences', operands: 'paths', most: 2, flags: '-s --side-by-side --line-numbers --no-gitconfig' },
  csvlook: { does: 'prints a table', operands: 'paths', flags: '-d: -t -H --max-rows= --max-columns=' },
  csvcut: { does: 'prints columns', operands: 'paths', flags: '-d: -t -n -c: -C: -H' },
  csvstat: { does: 'measures a table', operands: 'paths', flags: '-d: -t -n -c: --count --mean --max --min' },
  yq: {
    does: 'reads YAML',
    operands: 'pattern',
    patternFlags: [],
    words: ([first, ...rest]) =>
      first && !first.quoted && /^(?:e|eval|ea|eval-all)$/.test(first.value) ? rest : first ? [first, ...rest] : [],
    flags:
      '-r -P -C -M -N -e -n -j -c -y -o: -p: -I: --output-format= --input-format= --unwrapScalar[=] --prettyPrint --colors --no-colors --no-doc --exit-status --null-input --tojson --indent= --raw-output --yaml-output',
    check: (call) =>
      /(?<![.\w"])(?:env|strenv|envsubst|load\w*|system|eval|input_filename|\$ENV)\b|\$ENV\b/.test(call.operands[0]?.value ?? '')
        ? 'The filter reads the environment or other files.'
        : undefined,
  },
  xmllint: { does: 'reads XML', operands: 'paths', flags: '--xpath= --noout --format --nonet --html --recover --huge', check: xmlCheck },
  tidy: { does: 'checks HTML', operands: 'paths', flags: '-q -e -i -xml -utf8', check: onlyWith(WRITES, '-e') },
  psql: {
    does: 'queries a database',
    operands: 'text',
    flags:
      '-c: -l -d: -U: -h: -p: -t -A -x -q -w -W -X -F: -E --command= --list --dbname= --username= --host= --port= --tuples-only --no-align --expanded --no-password --csv --no-psqlrc --version -V',
    check: (call) => statements(call, ['-c', '--command'], ['-l', '--list', '--version', '-V']),
  },
  mysql: {
    does: 'queries a database',
    operands: 'text',
    flags:
      '-e: -u: -h: -P: -D: -N -B -s -t -E -p? --execute= --user= --host= --port= --database= --batch --silent --table --skip-column-names --version -V',
    check: (call) => statements(call, ['-e', '--execute'], ['--version', '-V']),
  },
  mariadb: {
    does: 'queries a database',
    operands: 'text',
    flags:
      '-e: -u: -h: -P: -D: -N -B -s -t -E -p? --execute= --user= --host= --port= --database= --batch --silent --table --skip-column-names --version -V',
    check: (call) => statements(call, ['-e', '--execute'], ['--version', '-V']),
  },
  mysqladmin: {
    does: 'looks at a database server',
    operands: 'text',
    least: 1,
    flags: '-u: -h: -P: -p? --user= --host= --port=',
    check: (call) =>
      call.operands.every((word) => /^(?:status|extended-status|ping|version|variables|processlist|proc)$/.test(word.value))
        ? undefined
        : WRITES,
  },
  sqlite3: {
    does: 'queries a database',
    operands: 'pattern',
    patternFlags: ['-e'],
    flags:
      '-header -noheader -column -csv -json -line -list -markdown -table -box -html -quote -tabs -ascii -readonly -batch -safe -bail -separator: -nullvalue: -version --version',
    check: sqliteCheck,
  },
  'redis-cli': {
    does: 'queries a database',
    operands: 'text',
    flags: '-h: -p: -n: -3 --raw --no-raw --csv --json --version -v --no-auth-warning',
    check: redisCheck,
  },
  'valkey-cli': {
    does: 'queries a database',
    operands: 'text',
    flags: '-h: -p: -n: -3 --raw --no-raw --csv --json --version -v',
    check: redisCheck,
  },
  mongosh: {
    does: 'queries a database',
    operands: 'text',
    most: 1,
    flags: '--quiet --norc --json[=] --version --eval=',
    check: mongoCheck,
  },
  pg_isready: {
    check: nearHost,
    does: 'asks whether a database is there',
    flags: '-h: -p: -d: -U: -q -t: --host= --port= --dbname= --username= --quiet --timeout=',
  },
};

/** A host of this machine or of its own network, by a name that leads nowhere else. */
function nearHost(call: ParsedArgs): string | undefined {
  const hosts = call.flags.filter((flag) => /^(?:-h|--host)$/.test(flag.name)).flatMap((flag) => flag.values);
  return hosts.every((host) => /^(?:[\w-]+|127\.[\d.]+|::1|\/[\w./-]+)$/.test(host)) ? undefined : 'It connects to another machine.';
}

function statements(call: ParsedArgs, given: readonly string[], alone: readonly string[]): string | undefined {
  const texts = call.flags.filter((flag) => given.includes(flag.name)).flatMap((flag) => flag.values);
  if (texts.length === 0) return call.flags.some((flag) => alone.includes(flag.name)) ? undefined : 'It waits for statements.';
  const far = nearHost(call);
  if (far) return far;
  if (call.flags.some((flag) => /^(?:-d|--dbname)$/.test(flag.name) && flag.values.some((value) => /[=/]/.test(value))))
    return 'It goes by an address that is not judged.';
  if (call.operands.some((word) => word.value.includes('=') || word.value.includes('://')))
    return 'It goes by an address that is not judged.';
  return texts.map(sqlReason).find((why) => why !== undefined);
}

function sqliteCheck(call: ParsedArgs): string | undefined {
  if (call.flags.some((flag) => /^--?version$/.test(flag.name))) return undefined;
  const [, ...texts] = call.operands;
  if (texts.length === 0) return 'It waits for statements.';
  if (call.operands[0]?.value.includes(':')) return 'It goes by an address that is not judged.';
  return texts
    .map(({ value }) =>
      /^\.(?:tables|schema|indexes|indices|databases|dbinfo|show|fullschema)(?: [\w%]+)?$/.test(value) ? undefined : sqlReason(value),
    )
    .find((why) => why !== undefined);
}

const REDIS =
  /^(?:ping|info|get|mget|keys|scan|sscan|hscan|zscan|dbsize|ttl|pttl|type|exists|lrange|llen|lindex|hget|hgetall|hkeys|hvals|hlen|hexists|hmget|smembers|scard|sismember|zrange|zcard|zscore|zrank|zrevrange|zcount|strlen|getrange|bitcount|xlen|xrange|xinfo|time|lastsave|role|echo|randomkey)$/i;

function redisCheck(call: ParsedArgs): string | undefined {
  const [verb, second] = call.operands.map((word) => word.value.toLowerCase());
  if (verb === undefined) return call.flags.some((flag) => /^(?:--version|-v)$/.test(flag.name)) ? undefined : 'It waits for commands.';
  const far = nearHost(call);
  if (far) return far;
  const two = `${verb} ${second}`;
  const looks =
    REDIS.test(verb) ||
    /^(?:memory usage|memory stats|client list|client info|slowlog get|slowlog len|object encoding|object idletime|command count|cluster info|cluster nodes|latency latest)$/.test(
      two,
    );
  return looks ? undefined : `${verb} is not known to only read.`;
}

const MONGO =
  /^\s*(?:show (?:dbs|databases|collections|users)|db\.(?:stats|getName|getCollectionNames|version|serverStatus|hostInfo)\(\)|db\.(?:getCollection\(['"][\w.-]+['"]\)|\w+)\.(?:find|findOne|countDocuments|estimatedDocumentCount|count|distinct|getIndexes|stats)\([\w\s{}:,'".$@<>-]*\)(?:\.(?:limit|skip|sort|pretty|toArray|count|explain)\([\w\s{}:,'"-]*\))*)\s*;?\s*$/;

function mongoCheck(call: ParsedArgs): string | undefined {
  if (call.operands.some((word) => !/^[\w-]+$/.test(word.value))) return 'It goes by an address that is not judged.';
  const texts = call.flags.filter((flag) => flag.name === '--eval').flatMap((flag) => flag.values);
  if (texts.length === 0) return call.flags.some((flag) => flag.name === '--version') ? undefined : 'It waits for statements.';
  return texts.every((text) => MONGO.test(text) && !/\$(?:where|function|accumulator|out|merge)/.test(text))
    ? undefined
    : 'The script is not known to only read.';
}

function xmlCheck(call: ParsedArgs): string | undefined {
  return call.operands.some((word) => word.value.includes('://')) ? 'It goes by an address that is not judged.' : undefined;
}
