#!/bin/sh
# Writes the pages that follow from declarations: the JSON Schema of studies, the reference of studies and of catalog entries.
# usage: docs/generate.sh path/to/nutune
set -eu
nutune=$1
cd "$(dirname "$0")/.."
case $nutune in /*) ;; *) nutune="$PWD/$nutune" ;; esac
"$nutune" schema >catalogs/schema/study.schema.json.new
mv catalogs/schema/study.schema.json.new catalogs/schema/study.schema.json
mkdir -p docs/reference
for page in study experiment flux flux-covariance oscillation measurement; do
  "$nutune" schema --markdown --of "$page" >"docs/reference/$page.md.new"
  mv "docs/reference/$page.md.new" "docs/reference/$page.md"
done
echo "wrote catalogs/schema/study.schema.json and the pages of docs/reference"
