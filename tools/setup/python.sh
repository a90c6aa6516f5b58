# Finding a Python that can make the environment. Sourced by ./lumen.

# Sets `python` to the first interpreter that is 3.10 or newer and has venv and pip, or ends with what to do.
find_python() {
  python='' old='' bare=''
  if [ -n "${LUMEN_PYTHON:-}" ]; then
    try_python "$LUMEN_PYTHON" || true
  else
    for candidate in python3 python3.13 python3.12 python3.11 python3.10 python; do
      try_python "$candidate" && break
    done
  fi
  [ -z "$python" ] || return 0
  if [ -n "$bare" ]; then
    die "$bare has no venv module with pip in it: $(venv_hint), then run ./lumen again."
  elif [ -n "$old" ]; then
    die "Python 3.10 or newer is needed, and $old is too old: $(python_hint), then run ./lumen again" \
      "(LUMEN_PYTHON=/path/to/python3 names one that is not in PATH)."
  elif [ -n "${LUMEN_PYTHON:-}" ]; then
    die "LUMEN_PYTHON is \"$LUMEN_PYTHON\", which is no Python that runs: correct it or unset it, then run ./lumen again."
  else
    die "Python 3.10 or newer is needed, and there is none in PATH: $(python_hint), then run ./lumen again" \
      "(LUMEN_PYTHON=/path/to/python3 names one that is not in PATH)."
  fi
}

# Takes the interpreter, or remembers why not.
try_python() {
  version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || return 1
  major=${version%.*} minor=${version#*.}
  case $major$minor in '' | *[!0-9]*) return 1 ;; esac
  if [ "$major" -lt 3 ] || { [ "$major" -eq 3 ] && [ "$minor" -lt 10 ]; }; then
    old=${old:-"$1 ($version)"}
    return 1
  fi
  if ! "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; then
    bare=${bare:-"$1 ($version)"} bare_version=${bare_version:-$version}
    return 1
  fi
  # the interpreter itself: a shim or an environment in PATH, this one's own among them, may be gone in a moment
  python=$("$1" -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))')
}

python_hint() {
  if has brew; then
    echo 'install it with "brew install python@3.13"'
  elif has apt-get; then
    echo 'install it with "sudo apt-get install python3 python3-venv"'
  elif has dnf; then
    echo 'install it with "sudo dnf install python3"'
  elif has pacman; then
    echo 'install it with "sudo pacman -S python"'
  else
    echo 'install Python 3.10 or newer from your system'"'"'s packages'
  fi
}

venv_hint() {
  if has apt-get; then
    echo "install it with \"sudo apt-get install python$bare_version-venv\""
  else
    python_hint
  fi
}

has() {
  command -v "$1" >/dev/null 2>&1
}
