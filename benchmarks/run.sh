#!/usr/bin/env bash
# Measures, prints the tables, and writes the results (benchmarks/README.md says what is in them).
#   benchmarks/run.sh [filter] [options of BenchmarkDotNet]   all classes, or those that match, such as '*Argon2*'; to benchmarks/results
#   benchmarks/run.sh --guarded                                what benchmarks/budget.json guards, with a short job; to artifacts/benchmarks
set -euo pipefail
cd "$(dirname "$0")/.."
# Another owner's checkout, or none: not worth failing for.
commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
[ -z "$(git status --porcelain 2>/dev/null)" ] || commit+=+

if [ "${1:-}" = --guarded ]; then
  rm -f artifacts/benchmarks/latest.json artifacts/benchmarks/latest.github.json
  options=(--output artifacts/benchmarks --guarded benchmarks/budget.json)
else
  options=(--output benchmarks/results --filter "${1:-*}" "${@:2}")
fi
# BenchmarkDotNet builds everything once more, which the analyzers need not read again.
export RunAnalyzers=false
exec dotnet run -c Release --project benchmarks/Callroute.Mfa.Benchmarks -- measure --commit "$commit" "${options[@]}"
