#!/usr/bin/env bash
# Builds the bad plugins of this folder and one new package of every kind, runs the packages' own tests, and tests how
# nutune loads and checks all of them.
set -euo pipefail
cd "$(dirname "$0")/../.."
swift=${SWIFT:-swift}
folder=$PWD/.build-plugins
nutune=$PWD/.build/release/nutune

$swift build -c release --product nutune
# NuTune's own tests are compiled beside the packages, which leave a core free; what is wrong with them the last line says.
$swift test -c release --disable-testable-imports --filter 'no test has this name' > /dev/null 2>&1 &
own=$!
rm -rf "$folder/new"
mkdir -p "$folder/new"
"$nutune" plugin new cross-section Superscaling --out "$folder/new/Superscaling"
"$nutune" plugin new flux LogNormal --out "$folder/new/LogNormal"
"$nutune" plugin new detector TurnOn --out "$folder/new/TurnOn"
"$nutune" plugin new oscillation TwoFlavors --out "$folder/new/TwoFlavors"
. Plugins/packages.sh
for package in "$folder"/new/*; do
  $swift test --package-path "$package" "${packages[@]}"
done
$swift build --package-path Tests/PluginLoading/Bad "${packages[@]}"
wait $own || true
NUTUNE_TEST_PLUGINS="$built" $swift test -c release --disable-testable-imports --filter PluginLoading
