#!/usr/bin/env bash
# Changes the code of one folder of Core in many small ways, and reports each change that no test of Core notices.
#   tests/mutate.sh Throttling [options of dotnet-stryker]     the report is in artifacts/mutation/Throttling
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:?Usage: tests/mutate.sh FOLDER}
[ -d "src/Callroute.Mfa.Core/$folder" ] || { echo "src/Callroute.Mfa.Core has no folder $folder." >&2; exit 2; }
output=$PWD/artifacts/mutation/$folder
dotnet tool restore
export CALLROUTE_MODEL_SEQUENCES=${CALLROUTE_MODEL_SEQUENCES:-2000}
cd tests/Callroute.Mfa.Core.Tests
exec dotnet stryker --mutate "**/$folder/*.cs" --output "$output" --skip-version-check "${@:2}"
