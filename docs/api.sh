#!/usr/bin/env bash
# Documents the library products from the modules that a build left: fails where a public symbol has no docstring, and on
# every warning of DocC. Builds nothing.
# usage: docs/api.sh [BUILD] [OUT]       .build/release and .build/api when left out
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(realpath "${1:-.build/release}")
out=${2:-.build/api}
graphs=$out/symbol-graphs

# The Swift modules of all library products; a plugin sees each of them. That of the C interface is documented by its header.
mapfile -t modules < <(swift package dump-package | python3 -c '
import glob, json, sys
package = json.load(sys.stdin)
paths = {target["name"]: target.get("path") or "Sources/" + target["name"] for target in package["targets"]}
names = {name for product in package["products"] if "library" in product["type"] for name in product["targets"]}
print("\n".join(sorted(name for name in names - {"NuTuneC"} if glob.glob(paths[name] + "/**/*.swift", recursive=True))))')
[ -e "$build/Modules/${modules[0]}.swiftmodule" ] || {
  echo "docs/api.sh: found no modules in $build; expected those of \`swift build -c release\`" >&2
  exit 66
}
rm -rf "$out"
mkdir -p "$graphs"
triple=$(swiftc -print-target-info | sed -nE 's/^ *"triple": "([^"]+)".*/\1/p' | head -1)
includes=()
for folder in Sources/C*/; do includes+=(-I "$folder"); done
for folder in $(pkg-config --cflags-only-I hdf5-serial); do includes+=(-Xcc "$folder"); done
for map in "$build"/C*.build/module.modulemap; do includes+=(-Xcc "-fmodule-map-file=$map"); done
for module in "${modules[@]}"; do
  swift-symbolgraph-extract -module-name "$module" -I "$build/Modules" "${includes[@]}" -target "$triple" \
    -minimum-access-level public -skip-synthesized-members -output-dir "$graphs"
done
# What a module adds to the types of others stands with those.
python3 docs/undocumented.py "$graphs"/*.symbols.json
for module in "${modules[@]}"; do
  catalog=Sources/$module/$module.docc
  mkdir "$graphs/$module"
  mv "$graphs/$module".symbols.json "$graphs/$module"@*.symbols.json "$graphs/$module" 2>/dev/null || true
  docc convert $([ -d "$catalog" ] && echo "$catalog") --additional-symbol-graph-dir "$graphs/$module" \
    --fallback-display-name "$module" --fallback-bundle-identifier "nutune.$module" --fallback-default-module-kind Library \
    --warnings-as-errors --output-dir "$out/$module.doccarchive" >"$graphs/$module.log" 2>&1 ||
    { cat "$graphs/$module.log" >&2; exit 1; }
  echo "$out/$module.doccarchive"
done
