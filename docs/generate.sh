#!/bin/sh
# Writes the pages that follow from declarations: the JSON Schema of studies and the reference of keys and parameters.
# usage: docs/generate.sh path/to/nutune
set -eu
nutune=$1
cd "$(dirname "$0")/.."
case $nutune in /*) ;; *) nutune="$PWD/$nutune" ;; esac
"$nutune" schema >catalogs/schema/study.schema.json.new
mv catalogs/schema/study.schema.json.new catalogs/schema/study.schema.json
mkdir -p docs/reference
"$nutune" schema --markdown >docs/reference/study.md.new
mv docs/reference/study.md.new docs/reference/study.md
echo "wrote catalogs/schema/study.schema.json and docs/reference/study.md"
