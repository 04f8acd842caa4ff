# Functions that the clusters call: "bash cluster.sh FUNCTION ARGUMENTS". The host's own network is not changed, and no packet leaves the
# namespaces.

spaces() { ip netns list | awk '{print $1}' | grep "^$1"; }

# Kills what runs in the namespaces whose names begin with $1. A process that is forked meanwhile is found in the next round.
kill_all() {
  for round in $(seq 100); do
    pids=$(for space in $(spaces $1); do ip netns pids $space; done)
    [ -n "$pids" ] || return 0
    kill -KILL $pids 2>/dev/null || true
    sleep 0.05
  done
  return 1
}

# Also deletes the namespaces, and then the folder $2 with its mounts.
sweep() {
  kill_all $1
  for space in $(spaces $1); do ip netns delete $space; done
  awk '{print $2}' /proc/mounts | grep "^$2/" | xargs -r umount --lazy
  rm -rf "$2"
  [ ! -e "$2" ] && [ -z "$(spaces $1)" ]
}

# A process of its own, which sweeps when its standard input ends: when the run ends, is interrupted or is killed.
reap() {
  set +e
  trap '' INT TERM HUP
  read -r _ || true
  sweep $1 $2
}

# Sweeps what was left in the folder $1 by a process that is dead, as after a power cut of the machine.
sweep_dead() {
  for pid in $({ ip netns list; ls $1; } | sed -n 's/^crr-\([0-9]*\)\(-.*\)\?$/\1/p' | sort -u); do
    [ -e /proc/$pid ] || bash $0 sweep crr-$pid- $1/crr-$pid
  done
}

add_bridge() {
  ip netns add $1
  ip -n $1 link add bridge type bridge
  ip -n $1 link set bridge up
  ip netns exec $1 nft 'add table bridge cuts; add chain bridge cuts forward { type filter hook forward priority 0; }'
}

# To the bridge $1: the namespace $2 of the machine $3 with the address $4 and the disk $5, which is in memory.
add_machine() {
  ip netns add $2
  ip -n $1 link add $3 type veth peer name eth0 netns $2
  ip -n $1 link set $3 master bridge up
  ip -n $2 addr add $4/24 dev eth0
  ip -n $2 link set eth0 up
  ip -n $2 link set lo up
  mkdir -p $5
  mount -t tmpfs -o size=2g,mode=777 $2 $5
}

# Drops the packets from some addresses to others.
drop_packets() { nft add rule bridge cuts forward ip saddr "{ $1 }" ip daddr "{ $2 }" drop; }

# 256 kbit/s to every machine, with a queue of at most 400 ms; one packet of twenty is lost.
slow() {
  for port in $(ls /sys/class/net/bridge/brif); do tc qdisc add dev $port root tbf rate 256kbit burst 4kb latency 400ms; done
  nft add rule bridge cuts forward numgen random mod 100 '<' 5 drop
}

heal() {
  nft flush chain bridge cuts forward
  for port in $(ls /sys/class/net/bridge/brif); do tc qdisc delete dev $port root 2>/dev/null || true; done
}

# Sends the signal $2 to every process of the namespace $1. A process that was forked meanwhile gets it in the second round.
signal() {
  for round in 1 2; do
    pids=$(ip netns pids $1)
    [ -z "$pids" ] || kill -$2 $pids || true
  done
}

# The disk keeps what it has and takes no more.
fill_disk() { mount -o remount,size=$(($(df --output=used $1 | tail -1) + 16))k $1; }

# Writes a file until the disk is full. Then dd fails, as it shall.
fill_file() { dd if=/dev/zero of=$1 bs=4096 || true; }

# Copies the programs of PostgreSQL in $2 to $1. Its server reads its clock with the shift in the file $3; Patroni reads the true clock.
add_programs() {
  mkdir $1
  ln -s $2/* $1
  rm $1/postgres
  faked="LD_PRELOAD=$(ls /usr/lib/*/faketime/libfaketime.so.1) FAKETIME_TIMESTAMP_FILE=$3"
  faked="$faked FAKETIME_CACHE_DURATION=1 FAKETIME_DONT_FAKE_MONOTONIC=1"
  printf '#!/bin/sh\nexec env %s %s/postgres "$@"\n' "$faked" $2 >$1/postgres
  chmod 755 $1/postgres
}

"$@"; exit
