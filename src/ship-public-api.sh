#!/usr/bin/env bash
# Part of a release: what is in PublicAPI.Unshipped.txt of each package moves to PublicAPI.Shipped.txt, and what is *REMOVED* goes.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
header='#nullable enable'
for package in src/*/; do
  shipped=$package/PublicAPI.Shipped.txt unshipped=$package/PublicAPI.Unshipped.txt
  removed=$(sed -n 's/^\*REMOVED\*//p' "$unshipped")
  public=$(cat "$shipped" "$unshipped" | grep -vxF "$header" | grep -v '^\*REMOVED\*' | grep -vxF "${removed:-$header}" | sort -u)
  printf '%s\n' "$header" "$public" > "$shipped"
  echo "$header" > "$unshipped"
done
git diff --stat -- 'src/*/PublicAPI.*.txt'
