#!/bin/sh
# Stands in for Python, and writes a stand-in for Deno, so that set-up runs without a network. Tests set:
#   FAKE_VERSION  the version that it claims         FAKE_BARE  not empty: without venv
#   FAKE_STALL    the job at which it stops for good  FAKE_FAIL  the job that fails, with the text of FAKE_TEXT
# Jobs: venv, install, npm, download, extract. Every job is a line in $FAKE/jobs.
job() {
  echo "$1" >>"$FAKE/jobs"
  if [ "${FAKE_STALL:-}" = "$1" ]; then
    echo $$ >"$FAKE/stalled"
    exec "$FAKE_PYTHON" -c 'import time; time.sleep(600)' "$FAKE_PLACE/.venv"
  fi
  if [ "${FAKE_FAIL:-}" = "$1" ]; then
    printf '%s\n' "$FAKE_TEXT" >&2
    exit 1
  fi
}

case "$*" in
  *%d.%d*) echo "$FAKE_VERSION" ;;
  *ensurepip*) [ -z "${FAKE_BARE:-}" ] ;;
  *_base_executable*) echo "$FAKE/python3" ;;
  *"import pip"* | *"import jupyterlab"*) [ -e "$FAKE_PLACE/.venv/pyvenv.cfg" ] ;;
  "-m venv "*)
    mkdir -p "$3/bin" "$3/lib"
    cp "$FAKE/python3" "$3/bin/python"
    job venv
    echo made >"$3/pyvenv.cfg"
    ;;
  *"pip install"*)
    echo half >"$FAKE_PLACE/.venv/lib/package"
    job install
    echo whole >"$FAKE_PLACE/.venv/lib/package"
    cp "$FAKE/deno" "$FAKE_PLACE/.venv/bin/deno"
    ;;
  *"pip download"*)
    while [ "$1" != -d ]; do shift; done
    echo half >"$2/half.part"
    job download
    cp "$FAKE/wheel.whl" "$2/tensorflow_cpu-2.21.0.whl"
    ;;
  *extract_library.py*)
    script=$1 wheels=$2 target=$3
    mkdir -p "$target/tensorflow"
    echo half >"$target/tensorflow/libtensorflow_cc.so.2"
    job extract
    exec "$FAKE_PYTHON" "$script" "$wheels" "$target"
    ;;
  *) exec "$FAKE_PYTHON" "$@" ;;
esac
