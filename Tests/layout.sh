#!/bin/bash
# Fails when a top-level type of Sources or Plugins, unless private, lives in a file of another name: a reader finds
# LeptonTensor in LeptonTensor.swift. Extensions live in Type.swift or Type+Aspect.swift, which the script does not check.
set -euo pipefail
cd "$(dirname "$0")/.."

# Folders whose types are still to be moved.
exceptions=(
  Sources/NuTuneAnalysis
  Sources/NuTuneCatalog
  Sources/NuTuneRuns/Stages
)

skip=()
for folder in "${exceptions[@]}"; do skip+=(-path "$folder" -prune -o); done

find Sources Plugins "${skip[@]}" -name '.build*' -prune -o -name '*.swift' -print0 | sort -z | xargs -0 awk '
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
