#!/usr/bin/env bash
# Starts a real Slurm of one node in a folder of its own and prints what a shell has to evaluate to use it:
#
#     settings=$(Tests/Slurm/start.sh FOLDER) && eval "$settings"
#
# Configuration, state, key and logs are in the folder, ports are free ones: a Slurm that the machine may have is not
# touched. Starting again is harmless. Exit codes: 77 Slurm cannot run here, 1 it did not start, 64 wrong words.
set -euo pipefail

cannot() {
  echo "Slurm cannot run here: $1" >&2
  exit 77
}

[ $# -eq 1 ] || { echo "usage: start.sh FOLDER" >&2; exit 64; }
mkdir -p "$1"
folder=$(cd "$1" && pwd -P)
case $folder in *[^A-Za-z0-9/._-]*) cannot "its folder may have letters, digits, . _ and - in its path, not $folder" ;; esac
[ ${#folder} -le 80 ] || cannot "paths of sockets are at most 108 bytes long, choose a shorter folder than $folder"
export SLURM_CONF=$folder/slurm.conf
PATH=$PATH:/usr/sbin:/sbin

settings() {
  echo "export SLURM_CONF=$SLURM_CONF"
}

# A daemon of this folder that is alive: its pid file, and its command line names the folder.
runs() {
  local pid
  pid=$(cat "$folder/$1.pid" 2>/dev/null) && tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$folder/"
}

ready() {
  [[ $(timeout 5 sinfo --noheader --format=%T 2>/dev/null) =~ ^(idle|mixed|allocated)$ ]]
}

if runs munged && runs slurmctld && runs slurmd && ready; then
  settings
  exit
fi

[ "$(id -u)" = 0 ] || cannot "its daemons need root"
if ! (for program in munged slurmctld slurmd sbatch squeue; do command -v $program >/dev/null || exit 1; done); then
  command -v apt-get >/dev/null || cannot "slurm-wlm and munge are not installed, and there is no apt-get"
  {
    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends slurm-wlm munge
  } >"$folder/apt.log" 2>&1 || cannot "installing slurm-wlm and munge failed: $(grep '^E:' "$folder/apt.log" | head -1)"
fi

# Clients of any user reach configuration and socket, nobody but root the key. A munged of root asks for nothing but
# that; --force lets it accept a temporary folder others may write to.
chmod 755 "$folder"
mkdir -p "$folder/munge" "$folder/state" "$folder/spool"
chmod 755 "$folder/munge"
key=$folder/munge/key
[ -s "$key" ] || (umask 077 && head -c 128 /dev/urandom >"$key")

# A port from 5000 above one on that nobody listens at.
free_port() {
  local port
  while port=$(($1 + RANDOM % 5000)); do
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

if ! runs slurmctld && ! runs slurmd; then
  host=$(hostname -s)
  cores=$(nproc)
  memory=$(awk '/^MemTotal:/ {print int($2 / 1024)}' /proc/meminfo)
  cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=$(free_port 20000)
SlurmdPort=$(free_port 25000)
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
# No cgroups and no systemd: processes of a job are found through /proc.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
# Every core runs a task. Memory counts only for jobs that ask for it.
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=$((memory / cores / 4))
SlurmdParameters=config_overrides
MaxArraySize=100001
MaxJobCount=100000
# Tests wait for nothing; finished tasks stay visible for as long as a test may look.
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
MinJobAge=30
CompleteWait=0
KillWait=2
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 Sockets=1 CoresPerSocket=$cores ThreadsPerCore=1 RealMemory=$memory State=UNKNOWN
PartitionName=test Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
  # Slurm 23.11 and later ask for cgroups unless told otherwise; earlier ones do not know the word.
  if printf '%s\n' "slurm-wlm 23.11" "$(slurmd -V)" | sort -V -C; then
    echo "CgroupPlugin=disabled" >"$folder/cgroup.conf"
  fi
fi

# Messages that a daemon has before its log is open.
start() {
  local name=$1
  shift
  runs "$name" || "$@" </dev/null >>"$folder/start.log" 2>&1 || true
}

start munged munged --force --key-file="$key" --socket="$folder/munge/socket" --pid-file="$folder/munged.pid" \
  --log-file="$folder/munged.log" --seed-file="$folder/munge/seed"
start slurmctld slurmctld -f "$SLURM_CONF"
start slurmd slurmd -f "$SLURM_CONF"

deadline=$((SECONDS + 60))
until ready; do
  if [ $SECONDS -ge $deadline ]; then
    echo "Slurm did not start within 60 s" >&2
    for log in start munged slurmctld slurmd; do
      echo "--- $folder/$log.log" >&2
      tail -n 15 "$folder/$log.log" >&2 || true
    done
    exit 1
  fi
  sleep 0.2
done
settings
