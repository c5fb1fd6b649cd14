#!/bin/sh
# −2lnL of four channels, its gradient, a fit and a contour, with derivatives and with differences in one run.
# usage: run_fit.sh [threads [points of the contour]]
set -eu
cd "$(dirname "$0")"
swift build -c release --product fit-benchmark
"$(swift build -c release --show-bin-path)/fit-benchmark" --threads "${1:-2}" --scan "${2:-100}"
