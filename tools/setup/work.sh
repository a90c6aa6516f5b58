# Long work with a log, a progress line, and a lock. Sourced by ./lumen.

pip_options="--quiet --no-input --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes"

say() {
  printf '%s\n' "$*" >&2
}

die() {
  printf 'lumen: %s\n' "$*" >&2
  exit 1
}

# work LABEL MB "FOLDERS" COMMAND...: runs it with its output in a log, and shows meanwhile how the folders, named
# from the project's, grow towards MB.
work() {
  label=$1 expected=$2 watched=$3
  shift 3
  rm -rf "$state/tmp"
  mkdir -p "$state/tmp"
  log=$state/$step.log
  started=$(date +%s)
  # what lies on the project's disk, not on a small /tmp; and nothing of the user's own pip settings for installs
  (
    cd "$root"
    export TMPDIR="$state/tmp" PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0
    unset PIP_TARGET PIP_PREFIX
    exec "$@"
  ) >"$log" 2>&1 </dev/null &
  worker=$!
  echo "$worker" >"$state/worker"
  watch_growth &
  watcher=$!
  status=0
  wait "$worker" || status=$?
  rm -f "$state/worker"
  kill -9 "$watcher" 2>/dev/null || true # a gentler signal may come before the watcher has dropped our traps
  wait "$watcher" 2>/dev/null || true
  [ ! -t 2 ] || printf '\r\033[K' >&2
  [ "$status" -eq 0 ] || explain_failure
  say "  $label: done in $(($(date +%s) - started)) s"
}

# A line that is rewritten on a terminal, a line every 20 s in a log. Ends with the shell that started it.
watch_growth() {
  cd "$root"
  turn=0
  while kill -0 $$ 2>/dev/null; do
    sleep 1 >/dev/null 2>&1 # a killed watcher's sleep must not hold the caller's pipe
    turn=$((turn + 1))
    [ -t 2 ] || [ $((turn % 20)) -eq 0 ] || continue
    size=$(du -skc $watched 2>/dev/null | awk 'END { printf "%d", $1 * 1024 / 1000000 }')
    line="  $label: $size of about $expected MB, $(($(date +%s) - started)) s"
    if [ -t 2 ]; then printf '\r\033[K%s' "$line" >&2; else say "$line"; fi
  done
}

# One set-up at a time. The lock is a link whose target is the owner's process id: made whole or not at all.
lock() {
  waited=''
  until ln -s "$$" "$state/lock" 2>/dev/null; do
    owner=$(readlink "$state/lock" 2>/dev/null || true)
    if runs "$owner" lumen; then
      [ -n "$waited" ] || say "Another ./lumen is setting up (process $owner): waiting for it."
      waited=yes
      sleep 1
    else
      rm -f "$state/lock"
    fi
  done
  trap 'stop 130' INT
  trap 'stop 143' TERM HUP
  trap 'unlock' EXIT
  # a killed set-up leaves its worker behind, which would go on writing
  orphan=$(cat "$state/worker" 2>/dev/null || true)
  if runs "$orphan" "$venv"; then
    kill -9 "$orphan" 2>/dev/null || true
  fi
  rm -f "$state/worker"
}

unlock() {
  rm -f "$state/lock"
  trap - INT TERM HUP EXIT
}

stop() {
  worker=$(cat "$state/worker" 2>/dev/null || true)
  [ -z "$worker" ] || kill "$worker" 2>/dev/null || true
  say ""
  say "lumen: stopped; the next call goes on with the set-up."
  exit "$1"
}

# Whether a process lives and is what it was (its number may have been given to another since): runs PID "TEXT".
runs() {
  [ -n "$1" ] && [ "$1" != $$ ] || return 1
  case $(ps -p "$1" -o args= 2>/dev/null) in
    *'<defunct>'*) return 1 ;;
    *"$2"*) return 0 ;;
    *) return 1 ;;
  esac
}
