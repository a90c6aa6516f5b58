# Taking away what set-up and the demo made. Sourced by ./lumen.

clean_command() {
  cd "$root"
  case ${1:-} in
    '') set -- .venv node_modules ;;
    --cache) set -- data/cache ;;
    --all)
      set -- .venv node_modules report data/demo data/cache data/runs data/slurm experiments/runs/*/weights.safetensors
      ;;
    *) die "clean does not know \"$1\"; it knows --cache and --all." ;;
  esac
  owner=$(readlink "$state/lock" 2>/dev/null || true)
  if runs "$owner" lumen; then
    die "A set-up is running (process $owner): wait for it or end it, then run ./lumen clean again."
  fi
  found=''
  for folder in "$@"; do
    [ ! -e "$folder" ] || found="$found $folder"
  done
  if [ -z "$found" ]; then
    say "There is nothing to take away."
    return
  fi
  # one call of du: node_modules and .venv share their files
  before=$(du -skc $found | awk 'END { printf "%d", $1 * 1024 / 1000000 }')
  rm -rf "$@"
  say "Taken away:$found ($before MB freed)."
}
