#!/usr/bin/env bash
# Installs from Debian what the tests need and is missing, then runs every test of the solution.
#   tests/run.sh          what CI runs
#   tests/run.sh --full   the same, with a million random lives of the state machine instead of 5,000, and the races of the vulnerable
#                         zoo a hundred times
# The last line is "N passed, N failed, N skipped"; the exit code is not zero where a test failed or nothing ran.
set -uo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
  '') export CALLROUTE_MODEL_SEQUENCES=${CALLROUTE_MODEL_SEQUENCES:-5000} ;;
  --full) export CALLROUTE_MODEL_SEQUENCES=1000000 CALLROUTE_ZOO_RUNS=100 ;;
  *) echo "Usage: tests/run.sh [--full]" >&2; exit 2 ;;
esac

# program:package
needed='oathtool:oathtool argon2:argon2 openssl:openssl zbarimg:zbar-tools rsvg-convert:librsvg2-bin gcc:gcc
  chromium-headless-shell:chromium-headless-shell
  mariadb-install-db:mariadb-server redis-server:redis-server redis-cli:redis-tools
  pgbouncer:pgbouncer patroni:patroni etcd:etcd-server etcdctl:etcd-client haproxy:haproxy pgpool:pgpool2
  redis-sentinel:redis-sentinel rsync:rsync faketime:faketime ip:iproute2 nft:nftables ping:iputils-ping'

missing_packages() {
  for pair in $needed; do
    command -v "${pair%%:*}" >/dev/null || echo "${pair##*:}"
  done
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || echo postgresql
  # Pages that are taken pictures of have text.
  fc-list 2>/dev/null | grep DejaVu >/dev/null || echo fontconfig fonts-dejavu-core
  # Libraries, so there is no program to look for.
  [ -e /usr/lib/galera/libgalera_smm.so ] || echo galera-4
  [ -e /usr/lib/python3/dist-packages/etcd ] || echo python3-etcd
  # Native AOT links against it; there is no program to look for.
  [ -e /usr/include/zlib.h ] || echo zlib1g-dev
  # The plot of the benchmarks is drawn with it.
  [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || echo fonts-dejavu-core
}

install_missing() {
  local packages
  packages=$(missing_packages | tr '\n' ' ')
  [ -n "${packages// /}" ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing: ${packages}(Debian packages; installing them takes root and apt-get). The tests that need them are skipped." >&2
    return 0
  fi
  echo "Installing ${packages}…"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends libc6-dev $packages; } >/dev/null \
    || echo "apt-get failed; the tests that need ${packages}are skipped." >&2
}

install_missing

log=$(mktemp)
trap 'rm -f "$log"*' EXIT
exit_code=0
# One compiler for all projects, whatever the machine's setting is: it takes less than half the time of one for each.
export UseSharedCompilation=true
dotnet build -c Release || exit_code=$?

# Prints the output of a project when it has ended, because three run at the same time.
test_project() {
  local code=0 output
  output=$(mktemp)
  TIMEFORMAT="$1: %R s, of the processors %U + %S s"
  { time dotnet test --test-modules "artifacts/bin/$1/release/$1.dll"; } > "$output" 2>&1 || code=1
  flock "$2" cat "$output"
  rm "$output"
  return $code
}
export -f test_project

# Three lanes, the longest first: most projects wait for a browser, a server or a process more than half of their time.
longest='Samples Packages Stores AspNetCore.Identity Redis EntityFrameworkCore Hashing Core AspNetCore AspNetCore.Pages'
{ printf 'Callroute.Mfa.%s.Tests\n' $longest; ls -d tests/*.Tests | xargs -n 1 basename; } | awk '!seen[$0]++' \
  | xargs -P 3 -I{} bash -c 'test_project {} "$0"' "$log.lock" | tee "$log" || exit_code=1
rm -f "$log.lock"

# Alone at the end, because it measures how long each answer takes.
cluster_log=$log.clusters
: > "$cluster_log"
if [ -z "$(missing_packages)" ] && ip netns add "callroute-$$" && ip netns delete "callroute-$$"; then
  artifacts/bin/Callroute.Mfa.Reliability/release/Callroute.Mfa.Reliability short 2>&1 | tee "$cluster_log" || exit_code=1
else
  echo 'Clusters skipped: they need root, the right to make network namespaces, and all packages.' | tee "$cluster_log"
fi

count() { awk -v name="$1:" '$1 == name { n += $2 } END { print n + 0 }' "$log"; }
count_clusters() { grep -cE "$1" "$cluster_log"; }
passed=$(( $(count succeeded) + $(count_clusters 'keeps its promises') ))
failed=$(( $(count failed) + $(count_clusters 'BREAKS A PROMISE|could not be run') ))
skipped=$(( $(count skipped) + $(count_clusters 'Clusters skipped') ))
if [ "$exit_code" != 0 ] && [ "$failed" = 0 ]; then
  echo "A build or a test project did not end well." >&2
  failed=1
fi
# Again, because the tests themselves stand far above.
grep -E '^failed ' "$log" | sed 's/^/FAILED: /'
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
