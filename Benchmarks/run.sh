#!/bin/sh
# Every performance claim in one go: a training step beside PyTorch and JAX, the net kernel beside GEMM, oscillation
# probabilities beside numpy and installed packages, a fit of four channels with and without derivatives, and the whole closure
# study with its memory.
# usage: Benchmarks/run.sh
set -eu
cd "$(dirname "$0")"
echo "== Training step and net kernel =="
./run_training.sh
echo
echo "== Oscillation probabilities =="
./run_oscillation.sh
echo
echo "== A fit of four channels =="
./run_fit.sh
echo
echo "== The whole dune-closure study =="
./run_closure.sh
