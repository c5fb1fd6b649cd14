#!/usr/bin/env bash
# Stops the Slurm that start.sh started in a folder, its jobs first. Logs stay; no other Slurm is touched.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: stop.sh FOLDER" >&2; exit 64; }
[ -d "$1" ] || exit 0
folder=$(cd "$1" && pwd -P)
export SLURM_CONF=$folder/slurm.conf

# The pid of a daemon of this folder: its pid file, and its command line names the folder.
alive() {
  local pid
  pid=$(cat "$folder/$1.pid" 2>/dev/null) && tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$folder/" &&
    echo "$pid"
}

if alive slurmctld >/dev/null && alive slurmd >/dev/null; then
  timeout 10 scancel --partition=test || true
  deadline=$((SECONDS + 10))
  while [ $SECONDS -lt $deadline ] && [ -n "$(timeout 10 squeue --noheader 2>/dev/null)" ]; do sleep 0.2; done
fi

for name in slurmctld slurmd munged; do
  deadline=$((SECONDS + 10))
  ! pid=$(alive "$name") || kill "$pid"
  while pid=$(alive "$name"); do
    if [ $SECONDS -ge $deadline ]; then kill -9 "$pid" && break; fi
    sleep 0.1
  done
done
