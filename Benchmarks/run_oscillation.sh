#!/bin/sh
# One table: oscillation probabilities from NuTune beside numpy, the packages that pip installs and NuFast, taking turns
# in one run.
# usage: [NUFAST=FOLDER] [NUTUNE_DATA=FOLDER] run_oscillation.sh [rounds]
# NUFAST: the folder of NuFast_LBL.cpp, or of the older NuFast.cpp; the source is compiled here and takes part.
# NUTUNE_DATA: the folder of oscillation/constant-density-oracle.csv, with which the reference is compared.
set -eu
nufast=${NUFAST:+$(cd "$NUFAST" && pwd)}
oracle=${NUTUNE_DATA:+$(cd "$NUTUNE_DATA" && pwd)/oscillation/constant-density-oracle.csv}
[ -z "$oracle" ] || [ -f "$oracle" ] || { echo "NUTUNE_DATA: $oracle does not exist" >&2; exit 66; }
cd "$(dirname "$0")"

python=${PYTHON:-python3}
environment=.venv-oscillation
[ -x "$environment/bin/python" ] || "$python" -m venv "$environment"
for package in numpy mpmath nuSQuIDS nuoscprobexact magnuspy jaxnu nu-waves; do
  "$environment/bin/pip" show --quiet "$package" 2>/dev/null || "$environment/bin/pip" install --quiet "$package" ||
    echo "$package is not available here" >&2
done

swift build -c release --product oscillation-benchmark
folder=$(swift build -c release --show-bin-path)
reference=$folder/oscillation-reference.csv
"$environment/bin/python" peers/oscillation_reference.py "$reference" ${oracle:+--against "$oracle"}
if [ -n "$nufast" ]; then
  for source in NuFast_LBL.cpp c++/NuFast_LBL.cpp NuFast.cpp c++/NuFast.cpp none; do
    [ ! -f "$nufast/$source" ] || break
  done
  [ "$source" != none ] || { echo "NUFAST: $nufast has no NuFast_LBL.cpp and no NuFast.cpp" >&2; exit 66; }
  # -Ofast as in its own compile.sh; -march=native in its favour.
  "${CXX:-c++}" -std=c++20 -Ofast -march=native -w -DNUFAST_SOURCE="\"$nufast/$source\"" peers/nufast.cpp \
    -o "$folder/nufast"
fi
"$environment/bin/python" peers/oscillation.py "$folder/oscillation-benchmark" "$reference" --rounds "${1:-5}" \
  ${nufast:+--nufast "$folder/nufast"}
