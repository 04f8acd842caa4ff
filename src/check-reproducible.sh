#!/usr/bin/env bash
# Packs the newest commit twice, in two folders of different depth, and fails where a package differs by one byte.
# It also looks into the symbols: each package's must say where its sources are (SourceLink).
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
first=$work/a second=$work/another/folder
repository=$(sed -n 's|.*<RepositoryUrl>\(.*\)</RepositoryUrl>.*|\1|p' src/Directory.Build.props)
commit=$(git rev-parse HEAD)

for folder in "$first" "$second"; do
  git clone --quiet . "$folder"
  git -C "$folder" checkout --quiet --detach "$commit"
  git -C "$folder" remote set-url origin "$repository"
  "$folder/src/pack.sh" --packages-only
done

failed=0
compare() {
  for package in "$first"/artifacts/packages/*; do
    local name=${package##*/}
    if cmp "$package" "$second/artifacts/packages/$name"; then echo "same: $(sha256sum < "$package" | cut -c1-64)  $name"; else failed=1; fi
  done
}

check_source_link() {
  local source="${repository/github.com/raw.githubusercontent.com}/$commit/"
  for symbols in "$first"/artifacts/packages/*.snupkg; do
    unzip -p "$symbols" '*.pdb' | grep -aF "$source" >/dev/null || { echo "No SourceLink to $source in ${symbols##*/}" >&2; failed=1; }
  done
}

compare
check_source_link
[ "$(ls "$first/artifacts/packages" | wc -l)" = "$(ls "$second/artifacts/packages" | wc -l)" ] || failed=1
[ "$(ls -d src/*/ samples/OtpTool/ | wc -l)" = "$(ls "$first"/artifacts/packages/*.nupkg | wc -l)" ] || { echo "A project of src, or the tool, made no package." >&2; failed=1; }
[ "$failed" = 0 ] && echo "Two packs of $commit are the same, byte for byte."
