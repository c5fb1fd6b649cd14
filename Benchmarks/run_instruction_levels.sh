#!/bin/sh
# ns per energy of the oscillation kernels for AVX2 (x86-64-v3) and AVX-512 (x86-64-v4) on one core, median and best of 500, taking
# turns. A program has both and picks one; here each is compiled by itself, so that a processor with AVX-512 shows AVX2, too.
# usage: run_instruction_levels.sh [rounds]
set -eu
cd "$(dirname "$0")"
kernels=../Sources/CKernels
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for level in 3 4; do
  "${CC:-clang}" -O2 -march=x86-64-v$level -DNUTUNE_MULTIVERSIONED_H -DMULTIVERSIONED= \
    '-DINLINED=__attribute__((always_inline)) inline' -I"$kernels/include" -I"$kernels" \
    peers/instruction_levels.c "$kernels"/oscillation_*.c -lm -o "$folder/v$level"
done
for round in $(seq "${1:-3}"); do
  for level in 3 4; do
    printf 'x86-64-v%s ' $level
    "$folder/v$level"
  done
done
