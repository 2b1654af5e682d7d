import type { Spec } from '../table';
import { version } from './make';

/**
 * Programs of which only this is known: asked for their version, they print it and look at nothing of the folder. Left out
 * are those that choose their version by a file of the folder, or load code from it (cargo, rustc, go, yarn, pnpm, mvn,
 * gradle, dotnet, rails, bundle, composer, jest, webpack, mocha, pytest, flake8, pylint, poetry, rustup, bazel, flutter, hg).
 */
const NAMES =
  'tsc eslint prettier biome oxlint esbuild swc ts-node tsx nodemon pm2 vercel netlify firebase wrangler http-server serve sass postcss tailwindcss typedoc rollup vite playwright cypress vue ' +
  'pipx pipenv virtualenv nox ruff black mypy isort pyright bandit twine uvx uv conda mamba pyenv ' +
  'wasm-pack gofmt golangci-lint gopls kotlin kotlinc scala scalac elixir ghc stack cabal ocaml opam dune zig nim crystal dart julia lua luajit Rscript R octave ruby-lsp erb irb rbenv rvm php-fpm ' +
  'cc c++ tcc ld as gold lld mold ninja meson autoconf automake libtool pkg-config ccache gdb lldb valgrind strace ltrace perf clang-format clang-tidy cppcheck doxygen bison flex swig protoc buf grpcurl flatc thrift ' +
  'nano vim vi nvim emacs code code-insiders cursor codium subl hx micro ed ex ' +
  'docker-compose buildah skopeo nerdctl kind minikube k3s k3d k9s kustomize helmfile argocd flux istioctl linkerd skaffold tilt stern kubectx eksctl ansible ansible-playbook ansible-galaxy packer vagrant vault consul nomad pulumi cdk sam copilot fly flyctl heroku doctl linode-cli hcloud oci ibmcloud railway supabase ' +
  'ffmpeg ffplay magick convert gs pandoc pdflatex xelatex latexmk tesseract graphviz dot gnuplot sox inkscape blender ' +
  'pg_dump pg_restore pg_ctl postgres createdb mysqldump mysqld redis-server mongod mongodump clickhouse duckdb cqlsh influx prometheus grafana-server nginx apache2 httpd caddy haproxy traefik envoy supervisord ' +
  'gpg gpg2 age sops pass keybase nmap nc ncat socat telnet rsync sftp scp sshd mosh tmux screen zellij dig host nslookup ping traceroute mtr tcpdump wireshark tshark iperf3 httpie http xh hey wrk ab ' +
  'fish dash ksh pwsh nu tcsh starship direnv asdf mise fnm volta nvm just task hyperfine watchexec entr fzf zoxide exiftool identify mediainfo yt-dlp aria2c lynx w3m elinks less more most shellcheck shfmt hadolint actionlint yamllint markdownlint vale codespell trivy grype syft snyk semgrep gitleaks trufflehog cosign pre-commit lefthook svn bzr fossil jj gitk tig lazygit glab hub act sqlfluff dbmate flyway liquibase';

const OTHER_WORDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries('tmux dot nmap ping sshd tcpdump svn'.split(' ').map((name) => [name, '--version -V'])),
  ...Object.fromEntries('ffmpeg ffplay kotlin kotlinc scala scalac magick'.split(' ').map((name) => [name, '--version -version'])),
  ...Object.fromEntries('nginx apache2 httpd haproxy'.split(' ').map((name) => [name, '--version -v -V'])),
  ...Object.fromEntries('tsc lua luajit vue sass'.split(' ').map((name) => [name, '--version -v'])),
};

/** Only these words and nothing else print the version. */
export const VERSIONS: Readonly<Record<string, Spec>> = Object.fromEntries(
  NAMES.split(' ').map((name) => [name, version(OTHER_WORDS[name] ?? '--version')]),
);
