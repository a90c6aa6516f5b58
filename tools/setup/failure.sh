# What went wrong, in one sentence, with what mends it. Sourced by ./lumen.

# Ends the set-up. Reads the log of the step that failed.
explain_failure() {
  if in_log 'no space left|ENOSPC|disk quota exceeded|os error 28'; then
    die "The disk became full while installing $label: $(room_hint)"
  elif in_log 'lockfile is out of date|lock ?file.*(frozen|out of date)'; then
    die "deno.json or package.json asks for packages that deno.lock does not hold: \"./lumen deno install" \
      "--frozen=false\" brings the lock up to date (look at what it changed), then run ./lumen again."
  elif in_log 'do not match the hashes|integrity check|integrity.*fail|checksum'; then
    die "A download for $label is not the file that the lock names (a proxy or mirror may have changed it):" \
      "run ./lumen again, from another network if it stays so; details in $log"
  elif in_log 'connection ?error|failed to establish|name resolution|getaddrinfo|name or service not known|unreachable' ||
    in_log 'timed out|timeout|proxyerror|connection refused|dns error|error sending request|tcp connect|sslerror|bad gateway'; then
    die "There is no way to the network for $label: check the connection (behind a proxy, HTTPS_PROXY;" \
      "with a mirror, PIP_INDEX_URL and NPM_CONFIG_REGISTRY), then run ./lumen again; details in $log"
  elif in_log 'no matching distribution'; then
    die "The package index has no file of $label for this machine (Python $("$venv/bin/python" -V 2>&1)," \
      "$platform): try another Python with LUMEN_PYTHON and \"./lumen setup\"; details in $log"
  fi
  tail -n 15 "$log" >&2
  die "Installing $label failed (exit status $status), the last lines are above, all of them in $log: run ./lumen again" \
    "to repeat it, or \"./lumen clean\" to begin from nothing."
}

in_log() {
  grep -qiE "$1" "$log"
}

# Ends the set-up where the disk has too little room for what is missing.
check_room() {
  free=$(df -Pk "$root" | awk 'NR == 2 { printf "%d", $4 * 1024 / 1000000 }')
  if [ "${free:-0}" -lt "$total_room" ]; then
    die "Set-up needs $total_room MB of free disk in $root and finds $free MB: $(room_hint)"
  fi
}

room_hint() {
  echo "make room (\"./lumen clean --all\" takes away what Lumen made) or move the project to a larger disk, then run ./lumen again."
}
