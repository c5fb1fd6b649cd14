#!/bin/sh
# Fails when a source of Sources or Plugins is not laid out as a reader expects:
# - A top-level type, unless private, lives in a file of its name: LeptonTensor in LeptonTensor.swift. Extensions live in
#   Type.swift or Type+Aspect.swift, which the script does not check.
# - No function is longer than a screen, 60 lines with its signature.
set -eu
cd "$(dirname "$0")/.."

sources() { find Sources Plugins -name '.build*' -prune -o -name '*.swift' -print0; }

sources | sort -z | xargs -0 awk '
  FNR == 1 { quoted = 0; name = FILENAME; sub(/.*\//, "", name); sub(/\.swift$/, "", name) }
  # A multi-line string may hold the source of a type, as the templates of `nutune plugin new` do.
  { inside = quoted; if (gsub(/"""/, "&") % 2) quoted = !quoted }
  inside || /^[ \t\/}]/ { next }
  {
    line = $0
    while (match(line, /^(@[A-Za-z]+(\([^)]*\))?|public|package|internal|open|final|indirect|nonisolated)[ \t]+/))
      line = substr(line, RLENGTH + 1)
    split(line, word, /[^A-Za-z0-9_]+/)
    if (word[1] ~ /^(struct|class|enum|protocol|actor)$/ && word[2] != name) {
      printf "%s:%d: %s %s belongs into %s.swift\n", FILENAME, FNR, word[1], word[2], word[2]
      found = 1
    }
  }
  END { exit found }
' || { echo "layout.sh: a type lives in a file of its name" >&2; exit 1; }

sources | sort -z |
  xargs -0 awk -v most=60 -f Tests/function-lengths.awk ||
  { echo "layout.sh: no function is longer than 60 lines" >&2; exit 1; }
