#!/usr/bin/env bash
# Packs every package to artifacts/packages, and beside each its bill of materials (CycloneDX).
#   src/pack.sh [--packages-only]
# The same commit gives the same bytes in every folder; src/check-reproducible.sh shows it.
set -euo pipefail
cd "$(dirname "$0")/.."
packages=artifacts/packages
rm -rf "$packages"

# A copy without its history has the time of the packing in its packages.
if epoch=$(git log -1 --format=%ct 2>/dev/null); then export SOURCE_DATE_EPOCH=$epoch; fi
dotnet pack --configuration Release -p:ContinuousIntegrationBuild=true
[ "${1:-}" != --packages-only ] || exit 0

core=$(echo "$packages"/Callroute.Mfa.Core.*.nupkg)
version=${core#"$packages/Callroute.Mfa.Core."} version=${version%.nupkg}
dotnet tool restore
# What one package says of another is read from the restore, which knows no tags.
dotnet restore -p:Version="$version"
for project in src/*/*.csproj samples/OtpTool/OtpTool.csproj; do
  name=$(basename "$project" .csproj)
  name=${name/#OtpTool/Callroute.Mfa.OtpTool}
  dotnet tool run dotnet-CycloneDX -- "$project" --output "$packages" --filename "$name.$version.cdx.json" --output-format Json \
    --disable-package-restore --no-serial-number --exclude-dev --include-project-references \
    --set-type Library --set-name "$name" --set-version "$version" --set-nuget-purl
done
ls "$packages"
