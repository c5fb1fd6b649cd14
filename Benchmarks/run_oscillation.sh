#!/bin/sh
# One table: oscillation probabilities from NuTune beside numpy and nuSQuIDS, taking turns in one run.
# usage: run_oscillation.sh [rounds]
set -eu
cd "$(dirname "$0")"

python=${PYTHON:-python3}
environment=.venv-oscillation
if [ ! -x "$environment/bin/python" ]; then
  "$python" -m venv "$environment"
  "$environment/bin/pip" install --quiet numpy
  "$environment/bin/pip" install --quiet nuSQuIDS || echo "nuSQuIDS is not available here; numpy only" >&2
fi

swift build -c release --product oscillation-benchmark
executable="$(swift build -c release --show-bin-path)/oscillation-benchmark"
"$environment/bin/python" peers/oscillation.py "$executable" --rounds "${1:-5}"
