#!/usr/bin/env bash
# Builds the example plugins, runs their tests, lets `nutune plugin check` look at each, and runs each one's study.
# usage: Plugins/Examples/test.sh [NUTUNE]
set -euo pipefail
nutune=$(realpath "${1:-$(dirname "$0")/../../.build/release/nutune}")
cd "$(dirname "$0")"
swift=${SWIFT:-swift}
# One folder for all plugin packages, so that what they share is compiled once. SwiftPM would take the plan of the package
# before from it.
scratch=$(realpath ../..)/.build-plugins/build
options=(--scratch-path "$scratch" --disable-build-manifest-caching --quiet)
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

for package in */Package.swift; do
  name=${package%/Package.swift}
  echo "== $name"
  $swift test --package-path "$name" "${options[@]}"
  library=$scratch/debug/lib$name.so
  "$nutune" plugin check "$library"
  "$nutune" run "$name/study.yaml" --plugin "$library" --out "$runs/$name"
done
