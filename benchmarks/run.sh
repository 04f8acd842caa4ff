#!/usr/bin/env bash
# Measures, prints the tables, and writes the results (benchmarks/README.md says what is in them).
#   benchmarks/run.sh [filter] [options of BenchmarkDotNet]   all classes, or those that match, such as '*Argon2*'; to benchmarks/results
#   benchmarks/run.sh --guarded                                what benchmarks/budget.json guards, with a short job; to artifacts/benchmarks
set -euo pipefail
cd "$(dirname "$0")/.."
commit=$(git rev-parse --short HEAD)
[ -z "$(git status --porcelain)" ] || commit+=+

if [ "${1:-}" = --guarded ]; then
  rm -f artifacts/benchmarks/latest.json artifacts/benchmarks/latest.github.json
  options=(--output artifacts/benchmarks --guarded benchmarks/budget.json)
else
  options=(--output benchmarks/results --filter "${1:-*}" "${@:2}")
fi
exec dotnet run -c Release --project benchmarks/Callroute.Mfa.Benchmarks -- --commit "$commit" "${options[@]}"
