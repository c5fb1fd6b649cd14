#!/usr/bin/env bash
# Documents the library products from the modules that a build left: fails where a public symbol has no docstring, and on
# every warning of DocC. Builds nothing.
# usage: docs/api.sh [BUILD] [OUT]       .build/release and .build/api when left out
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(realpath "${1:-.build/release}")
out=${2:-.build/api}
graphs=$out/symbol-graphs

mapfile -t products < <(sed -nE 's/^ *\.library\(name: "([A-Za-z]+)".*/\1/p' Package.swift)
[ -e "$build/Modules/${products[0]}.swiftmodule" ] || {
  echo "docs/api.sh: found no modules in $build; expected those of \`swift build -c release\`" >&2
  exit 66
}
rm -rf "$out"
mkdir -p "$graphs"
triple=$(swiftc -print-target-info | sed -nE 's/^ *"triple": "([^"]+)".*/\1/p' | head -1)
includes=()
for folder in Sources/C*/; do includes+=(-I "$folder"); done
for map in "$build"/C*.build/module.modulemap; do includes+=(-Xcc "-fmodule-map-file=$map"); done
for product in "${products[@]}"; do
  swift-symbolgraph-extract -module-name "$product" -I "$build/Modules" "${includes[@]}" -target "$triple" \
    -minimum-access-level public -skip-synthesized-members -output-dir "$graphs"
done
# What a module adds to the types of others stands with those.
python3 docs/undocumented.py "$graphs"/*.symbols.json
for product in "${products[@]}"; do
  catalog=Sources/$product/$product.docc
  mkdir "$graphs/$product"
  mv "$graphs/$product".symbols.json "$graphs/$product"@*.symbols.json "$graphs/$product" 2>/dev/null || true
  docc convert $([ -d "$catalog" ] && echo "$catalog") --additional-symbol-graph-dir "$graphs/$product" \
    --fallback-display-name "$product" --fallback-bundle-identifier "nutune.$product" --fallback-default-module-kind Library \
    --warnings-as-errors --output-dir "$out/$product.doccarchive" >"$graphs/$product.log" 2>&1 ||
    { cat "$graphs/$product.log" >&2; exit 1; }
  echo "$out/$product.doccarchive"
done
