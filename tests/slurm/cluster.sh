#!/bin/sh
# A Slurm of one machine in a folder of its own, without systemd and without accounting.
#
#   tests/slurm/cluster.sh start FOLDER    then: export SLURM_CONF=FOLDER/slurm.conf
#   tests/slurm/cluster.sh stop FOLDER
#
# It needs Debian's packages slurmctld, slurmd, slurm-client and munge, and runs as whoever calls it. Its two "GPUs" are
# /dev/null and /dev/zero: enough to see what a job asks for and is given.
set -eu
PATH=$PATH:/usr/sbin:/sbin
folder=$2

start() {
  mkdir -p "$folder/state" "$folder/spool"
  chmod 755 "$folder"
  head -c 128 /dev/urandom >"$folder/munge.key"
  chmod 600 "$folder/munge.key"
  user=$(id -un)
  # a port that is free is not asked for: two clusters at once differ by this shell's number
  port=$((20000 + $$ % 20000))
  cat >"$folder/slurm.conf" <<CONF
ClusterName=lumen
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 20000))
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=2,bf_interval=2
GresTypes=gpu
JobRequeue=1
KillWait=5
ReturnToService=2
NodeName=$(hostname) NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000 Gres=gpu:2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=1-0 State=UP
CONF
  printf 'Name=gpu File=/dev/null\nName=gpu File=/dev/zero\n' >"$folder/gres.conf"
  echo CgroupPlugin=cgroup/v1 >"$folder/cgroup.conf"
  munged --force --socket="$folder/munge.socket" --key-file="$folder/munge.key" --pid-file="$folder/munged.pid" \
    --log-file="$folder/munged.log" --seed-file="$folder/munged.seed"
  export SLURM_CONF="$folder/slurm.conf"
  slurmctld
  slurmd
  for _ in $(seq 60); do
    [ "$(sinfo --noheader --format=%t 2>/dev/null)" = idle ] && return
    sleep 0.5
  done
  echo "cluster.sh: the node did not become idle in 30 s; see $folder/slurmctld.log and $folder/slurmd.log" >&2
  return 1
}

# The daemons' ends are not their jobs': those are cancelled first.
stop() {
  export SLURM_CONF="$folder/slurm.conf"
  scancel --user="$(id -un)" 2>/dev/null || true
  for _ in $(seq 20); do
    [ -n "$(squeue --noheader 2>/dev/null)" ] || break
    sleep 0.5
  done
  for daemon in slurmd slurmctld munged; do
    [ -f "$folder/$daemon.pid" ] && kill "$(cat "$folder/$daemon.pid")" 2>/dev/null || true
  done
}

"$1"
