#!/usr/bin/env bash
# Builds the site of the documentation and the API reference, in artifacts/site/html. A warning is an error. Needs no network once
# `dotnet tool restore` and `dotnet restore` have run.
set -euo pipefail
cd "$(dirname "$0")/.."

site=artifacts/site/source
rm -rf artifacts/site
mkdir -p "$site"
cp -r docs/site/. "$site"
cp -r docs "$site/docs"
rm -r "$site"/docs/site*
cp README.md "$site/index.md"

# A link that leads out of the documentation, or to a folder, is no link on the site.
without_links() { sed -i -E "s#\[([^]]*)\]\(($1)\)#\1#g" "${@:2}"; }
folder='[A-Za-z/_-]+'
without_links "$folder|(\.github|samples)/[^)]*|LICENSE" "$site/index.md"
without_links "$folder|\.\./[^)]*" "$site"/docs/*.md
for page in "$site"/docs/*/*.md; do
  without_links "$folder|\.\./\.\./[^)]*" "$page"
done

# The contents: every page by its first heading, folders after pages.
entries() { for page in "$1"/*.md; do printf '%s\t%s\n' "$(sed -n 's/^# //p;T;q' "$page" | head -1)" "${page#"$site/docs/"}"; done | sort; }
list() { while IFS=$'\t' read -r title path; do printf '%s- name: "%s"\n%s  href: %s\n' "$1" "$title" "$1" "$path"; done; }
{
  entries "$site/docs" | list ''
  for part in "$site"/docs/*/; do
    compgen -G "$part*.md" >/dev/null || continue # a folder of pictures
    name=$(basename "$part")
    printf -- '- name: %s\n  items:\n' "$(tr - ' ' <<< "${name^}")"
    entries "${part%/}" | list '  '
  done
} > "$site/docs/toc.yml"

dotnet tool restore
dotnet docfx "$site/docfx.json" --warningsAsErrors
echo "The site: artifacts/site/html/index.html"
