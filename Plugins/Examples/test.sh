#!/usr/bin/env bash
# Builds the example plugins, runs their tests, lets `nutune plugin check` look at each, and runs each one's study.
# usage: Plugins/Examples/test.sh [NUTUNE]
set -euo pipefail
nutune=$(realpath "${1:-$(dirname "$0")/../../.build/release/nutune}")
cd "$(dirname "$0")"
swift=${SWIFT:-swift}
. ../packages.sh
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

for package in */Package.swift; do
  name=${package%/Package.swift}
  echo "== $name"
  $swift test --package-path "$name" "${packages[@]}"
  library=$built/lib$name.so
  "$nutune" plugin check "$library"
  "$nutune" run "$name/study.yaml" --plugin "$library" --out "$runs/$name"
done
