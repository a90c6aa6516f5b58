#!/bin/sh
# Stands in for Deno: see fake_python.sh.
case $1 in
  install)
    mkdir -p "$DENO_DIR/npm"
    echo npm >>"$FAKE/jobs"
    if [ "${FAKE_STALL:-}" = npm ]; then
      echo $$ >"$FAKE/stalled"
      exec "$FAKE_PYTHON" -c 'import time; time.sleep(600)' "$FAKE_PLACE/.venv"
    fi
    if [ "${FAKE_FAIL:-}" = npm ]; then
      printf '%s\n' "$FAKE_TEXT" >&2
      exit 1
    fi
    mkdir -p node_modules/.deno
    ;;
  jupyter)
    mkdir -p "$HOME/kernels/deno"
    echo '{"argv": ["deno", "jupyter", "--kernel", "--conn", "{connection_file}"], "display_name": "Deno"}' \
      >"$HOME/kernels/deno/kernel.json"
    ;;
  run)
    shift
    printf 'ran:'
    printf ' <%s>' "$@"
    printf '\n'
    ;;
esac
