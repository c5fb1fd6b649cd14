#!/usr/bin/env bash
# Runs the tests of job arrays on a real Slurm that it starts before and stops after. Exit code 77 and one line that
# says why: no Slurm starts here, nothing was tested.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Its daemons need root; the tests do not.
sudo=
[ "$(id -u)" = 0 ] || ! sudo -n true 2>/dev/null || sudo="sudo -n"

folder=$(mktemp -d "${TMPDIR:-/tmp}/nutune-slurm.XXXXXX")
finish() {
  $sudo Tests/Slurm/stop.sh "$folder" || true
  $sudo rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

settings=$($sudo Tests/Slurm/start.sh "$folder") || {
  echo "job arrays were not tested on a real Slurm: it does not start here" >&2
  exit 77
}
eval "$settings"
${SWIFT:-swift} test -c release --disable-testable-imports --filter Slurm
# Tests that find no Slurm skip themselves, which must not pass for success here.
grep -q submit_batch_job "$folder/slurmctld.log" || { echo "the tests submitted nothing to the Slurm that runs" >&2; exit 1; }
