import type { Word } from './tokenize';

/** Programs that print help and end when `--help` follows nothing but the words of a subcommand. */
const HELPFUL = new Set(
  (
    'ls cat head tail wc sort uniq cut tr sed awk gawk grep egrep fgrep rg fd find tree stat file du df diff cmp comm jq yq tar zip unzip gzip cp mv rm mkdir rmdir touch ln chmod chown date ps kill sleep env xargs tee seq basename dirname realpath readlink base64 sha256sum md5sum od xxd ' +
    'docker podman kubectl helm gh glab terraform tofu aws gcloud az npm node pip pip3 uv ruff black curl wget rsync ssh-keygen psql mysql pg_dump sqlite3 redis-cli mongosh ' +
    'systemctl journalctl ip ss lsof free apt apt-get dpkg brew dnf yum pacman tsc eslint prettier ffmpeg ffprobe make cmake ninja gcc clang shellcheck rustfmt bat eza pandoc fly flyctl vercel minikube kind'
  ).split(' '),
);

/** `docker run --help`: the words before it are names of subcommands, so nothing is done. */
export function isHelp(name: string, words: readonly Word[]): boolean {
  const last = words.at(-1);
  if (!HELPFUL.has(name) || last?.value !== '--help' || last.quoted || words.length > 3) return false;
  // What stands after these is run, with `--help` among its own words.
  if (words.length > 2 && /^(?:run|exec|x|ssh|create|tool|dlx|attach|start|kubectl)$/.test(words[0]?.value ?? '')) return false;
  return (
    words.slice(0, -1).every((word) => !word.quoted && /^[a-z][a-z0-9-]*$/.test(word.value) && !word.glob) &&
    (words.length === 1 || HAS_VERBS.has(name))
  );
}

/** With operands, `--help` still wins only where the operand is a subcommand. */
const HAS_VERBS = new Set(
  'docker podman kubectl helm gh glab terraform tofu npm pip pip3 uv systemctl apt apt-get brew dnf fly flyctl minikube kind'.split(' '),
);
