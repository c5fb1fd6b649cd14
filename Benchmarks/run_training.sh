#!/bin/sh
# One table: a NuTune training step beside the same step in PyTorch and JAX, taking turns in one run.
# usage: run_training.sh [turns [steps [seconds to wait for idle cores before each measurement]]]
set -eu
cd "$(dirname "$0")"

python=${PYTHON:-python3}
environment=.venv-peers
if [ ! -x "$environment/bin/python" ]; then
  "$python" -m venv "$environment"
fi
if ! "$environment/bin/python" -c "import torch, jax, optax, scipy" 2>/dev/null; then
  echo "Installing the peers into Benchmarks/$environment (several GB, a few minutes)" >&2
  "$environment/bin/pip" install --quiet numpy scipy torch jax optax
fi

swift build -c release --product training-benchmark
executable="$(swift build -c release --show-bin-path)/training-benchmark"
problem=$(mktemp -d)
trap 'rm -rf "$problem"' EXIT
"$executable" --steps 20 --export "$problem" --json >/dev/null
"$environment/bin/python" peers/training_step.py "$problem" "$executable" \
  --repetitions "${1:-5}" --steps "${2:-100}" --threads 2 --wait "${3:-0}"
