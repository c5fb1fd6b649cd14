#!/bin/sh
# Wall time and peak memory of the main job, from nothing to the report.
set -eu
cd "$(dirname "$0")/.."
swift build -c release --product nutune >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 - "$folder" <<'PY'
import resource, subprocess, sys, time
start = time.time()
code = subprocess.call([".build/release/nutune", "run", "catalogs/studies/dune-closure.yaml", "--out", sys.argv[1] + "/run"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"exit code {code}, {time.time() - start:.1f} s, peak memory {peak:.0f} MB")
sys.exit(0 if code in (0, 2) else code)
PY
