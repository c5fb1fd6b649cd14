#!/usr/bin/env bash
# Builds the example plugins with their tests and the bad ones, which needs no nutune.
set -euo pipefail
cd "$(dirname "$0")/.."
. Plugins/packages.sh
for package in Tests/PluginLoading/Bad Plugins/Examples/*/; do
  ${SWIFT:-swift} build --build-tests --package-path "$package" "${packages[@]}"
done
