#!/bin/sh
# Random binnings, folded with a study's defaults, against dense and adaptive quadrature: worst bin and total variation of
# each. Some seconds for each binning.
# usage: Benchmarks/run_folding.sh [binnings]
set -eu
cd "$(dirname "$0")/.."
NUTUNE_FOLD_SWEEP="${1:-60}" swift test -c release --disable-testable-imports --filter FoldSweep
