/** Destruction away from the files of this machine: databases, clusters, clouds, registries, containers, packages [B4]. */

type Entry = readonly [program: RegExp, args: RegExp, does: string];

const SCHEMA_LOSS =
  /migrate reset|--force-reset|--accept-data-loss|push .*--force|db:(?:drop|migrate:undo)|schema:drop|migrate:rollback|(?:^| )(?:downgrade|drop-all|dropAll|clean|drop|down|revert|rollback|reset)(?: |$)/;
const RUN_SCHEMA_LOSS = new RegExp(
  `(?:^| )(?:prisma|drizzle-kit|sequelize(?:-cli)?|typeorm|knex|supabase|mikro-orm|dbmate) .*(?:${SCHEMA_LOSS.source})`,
);

/** The arguments are joined by blanks and matched as one text, options left in place. */
const ENTRIES: readonly Entry[] = [
  [
    /^(?:kubectl|oc|k)$/,
    /(?:^| )(?:delete|drain|cordon|evict|delete-context|delete-cluster|delete-user|undo)(?: |$)|replace .*--force|scale .*--replicas[= ]0/,
    'It deletes or stops things in a cluster',
  ],
  [/^helm$/, /(?:^| )(?:uninstall|delete|rollback|del|un)(?: |$)/, 'It removes an installation from a cluster'],
  [
    /^(?:terraform|tofu|terragrunt)$/,
    /(?:^| )(?:destroy|taint)(?: |$)|apply .*-destroy|state (?:rm|push)|workspace delete|force-unlock|run-all destroy/,
    'It destroys infrastructure',
  ],
  [
    /^(?:pulumi|cdk|sst|copilot|eksctl|vagrant|virsh|multipass|serverless|sls|amplify|cdktf)$/,
    /(?:^| )(?:destroy|undefine|delete|remove|rm)(?: |$)/,
    'It destroys infrastructure',
  ],
  [
    /^aws$/,
    /(?:^| )(?:(?:batch-delete|schedule-key-deletion|delete|terminate|remove|purge|deregister|reset|release|revoke|disable|stop)(?:-\S+)?|s3 (?:rm|rb)|s3 sync .*--delete|s3 mv)(?: |$)/,
    'It deletes things in the cloud',
  ],
  [
    /^(?:gcloud|az|doctl|oci|ibmcloud|linode-cli|hcloud|scw|aliyun|fly|flyctl|railway|render|heroku|vercel|netlify|firebase|wrangler|supabase|neonctl|planetscale|pscale|turso|cf|eb|ec2)$/,
    /(?:^| |:)(?:delete|destroy|remove|rm|purge|reset|drop|wipe|down|terminate|deallocate|stop|delete-batch|delete-\S+)(?: |$)|:(?:delete|destroy|reset|remove)/,
    'It deletes things in the cloud',
  ],
  [
    /^(?:gsutil|bq|rclone|s3cmd|mc|azcopy|b2)$/,
    /(?:^| )(?:rm|rb|del|delete|deletefile|purge|remove|rmdir|rmdirs|sync|cleanup|delete-file-version)(?: |$)|-d(?: |$)/,
    'It deletes stored files',
  ],
  [
    /^(?:docker|podman|nerdctl|docker-compose)$/,
    /(?:^| )(?:rm|rmi|prune|kill)(?: |$)|(?:^| )compose (?:.* )?down(?: |$)|(?:volume|image|container|network|system|builder|context|secret|stack|swarm|service) (?:rm|remove|prune|leave)/,
    'It deletes containers, images or their data',
  ],
  [/^docker-compose$/, /(?:^| )down(?: |$)/, 'It removes containers'],
  [
    /^(?:npm|pnpm|yarn|bun|lerna|vsce|ovsx)$/,
    /(?:^| )(?:publish|unpublish|deprecate)(?: |$)|dist-tag (?:rm|add)|access |owner (?:rm|add)|cache clean --force/,
    'It changes what others install',
  ],
  [/^(?:cargo)$/, /(?:^| )(?:publish|yank|owner)(?: |$)/, 'It changes what others install'],
  [/^gem$/, /(?:^| )(?:push|yank|uninstall|cleanup)(?: |$)/, 'It changes what others install'],
  [/^(?:twine|poetry|flit|hatch|uv|pdm|maturin)$/, /(?:^| )(?:upload|publish)(?: |$)/, 'It publishes a package'],
  [
    /^(?:apt|apt-get|aptitude|dnf|yum|zypper|snap|flatpak|brew|port|apk|choco|scoop|winget|pkg)$/,
    /(?:^| )(?:remove|purge|autoremove|uninstall|del|erase|rm|cleanup|full-upgrade)(?: |$)/,
    'It removes programs from this machine',
  ],
  [/^dpkg$/, /(?:^| )(?:-r|-P|--remove|--purge)(?: |$)/, 'It removes programs from this machine'],
  [/^rpm$/, /(?:^| )(?:-e|--erase)(?: |$)/, 'It removes programs from this machine'],
  [/^pacman$/, /(?:^| )-R/, 'It removes programs from this machine'],
  [/^gh$/, /(?:^| )(?:delete|delete-asset|archive|transfer)(?: |$)|api .*(?:-X|--method)[= ]?DELETE/i, 'It deletes things at GitHub'],
  [/^glab$/, /(?:^| )delete(?: |$)/, 'It deletes things at GitLab'],
  [
    /^(?:curl|http|https|xh|wget|curlie)$/,
    /(?:-X|--request|--method)[= ]?(?:DELETE|PURGE)|^(?:\S+ )*DELETE /,
    'It asks a server to delete something',
  ],
  [/^redis-cli$|^valkey-cli$/, /(?:^| )(?:flushall|flushdb|del|unlink|shutdown|debug)(?: |$)/i, 'It deletes data of a database'],
  [/^(?:mongo|mongosh)$/, /dropDatabase|\.drop\(|deleteMany|deleteOne|\.remove\(/, 'It deletes data of a database'],
  [
    /^(?:rails|rake|bin\/rails|bundle)$/,
    /db:(?:drop|reset|purge|schema:load|truncate\w*|setup)|(?:^| )destroy(?: |$)/,
    'It deletes data of a database',
  ],
  [/^(?:php|artisan)$/, /migrate:(?:fresh|reset|refresh)|db:wipe/, 'It deletes data of a database'],
  [/^(?:python[\d.]*|django-admin|manage)$/, /(?:^| )(?:flush|reset_db|sqlflush)(?: |$)/, 'It deletes data of a database'],
  [
    /^(?:prisma|drizzle-kit|sequelize|sequelize-cli|typeorm|knex|alembic|flask|supabase|mikro-orm|dbmate|goose|migrate|sqlx|diesel|liquibase|flyway)$/,
    SCHEMA_LOSS,
    'It can delete data of a database',
  ],
  [/^(?:npx|pnpm|yarn|bunx|bun|npm)$/, RUN_SCHEMA_LOSS, 'It can delete data of a database'],
  [/^(?:npx|bunx|pnpm|yarn|npm)$/, /(?:^| )(?:rimraf|del-cli|del|trash|trash-cli|shx rm|npkill)(?: |$)/, 'It deletes files'],
  [/^(?:ansible|ansible-playbook)$/, /state=absent/, 'It removes things from machines'],
  [
    /^(?:vault|consul|etcdctl|doppler|op)$/,
    /(?:^| )(?:delete|destroy|del|purge|kv delete|kv destroy|rm)(?: |$)/,
    'It deletes secrets or settings',
  ],
  [
    /^(?:kafka-topics|kafka-topics\.sh|rabbitmqctl|rabbitmqadmin)$/,
    /--delete|(?:^| )(?:delete_queue|purge_queue|reset|delete)(?: |$)/,
    'It deletes messages or queues',
  ],
  [/^(?:security|secret-tool|keyring)$/, /(?:^| )(?:delete-\S+|clear|del)(?: |$)/, 'It deletes secrets'],
  [/^(?:launchctl)$/, /(?:^| )(?:remove|bootout|unload)(?: |$)/, 'It removes a service'],
  [/^(?:tmutil)$/, /(?:^| )delete/, 'It deletes backups'],
  [/^(?:restic|borg|duplicity|kopia)$/, /(?:^| )(?:forget|prune|delete|remove-\S+)(?: |$)/, 'It deletes backups'],
];

const CLIENTS =
  /^(?:psql|mysql|mariadb|sqlite3?|duckdb|cockroach|clickhouse-client|clickhouse|sqlcmd|bq|cqlsh|snowsql|trino|usql|pgcli|mycli|litecli|isql|sqlplus|mysqladmin|turso|wrangler|supabase)$/;
const SQL =
  /\b(?:drop\s+(?:table|database|schema|index|view|user|role|keyspace|column|materialized|type|function|trigger|sequence|owned)|truncate\b|delete\s+from|alter\s+table\b[^;]*\bdrop\b|flush\s+privileges|\.?drop\b|update\s+\S+\s+set\b(?![\s\S]*\bwhere\b))/i;

/** What a service would lose by this command, in plain words. */
export function serviceDestruction(name: string, args: readonly string[]): string | undefined {
  const text = args.join(' ');
  if (CLIENTS.test(name) && SQL.test(text)) return 'It deletes data of a database.';
  const found = ENTRIES.find(([program, shape]) => program.test(name) && shape.test(text));
  return found ? `${found[2]}.` : undefined;
}

/** Text that reaches a database client by a pipe: `echo "DROP TABLE x" | psql`. */
export function isDatabaseClient(name: string): boolean {
  return CLIENTS.test(name);
}

export function destroysData(sql: string): boolean {
  return SQL.test(sql);
}
