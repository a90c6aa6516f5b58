# Set-up: three steps, each of which knows whether it is done and can be repeated. Sourced by ./lumen.
#
# A step is done when .venv/lumen/STEP.done holds what it was made from (locks, platform, folder) and its
# result is there. Whatever stops a step, the next call finds no such record and makes it anew.

runs_on="Lumen trains on Linux (x86-64 and arm64, glibc) and macOS (arm64)"
venv=$root/.venv
state=$venv/lumen
kernel=$venv/share/jupyter/kernels/deno
. "$root/tools/setup/python.sh"
. "$root/tools/setup/failure.sh"
. "$root/tools/setup/work.sh"

# cpu or cuda, as the last ./lumen setup --gpu or --cpu chose.
accelerator() {
  if [ -e "$state/cuda" ]; then echo cuda; else echo cpu; fi
}

# What a step is made from. Compared whole: no hash, so no tool for one is needed.
key_of() {
  printf '%s\n' "$platform"
  case $1 in
    python) printf '%s\n' "$root" && cat "$root/requirements/lab.txt" "$root/requirements/sound.txt" "$root/tools/setup/install_kernel.py" ;;
    packages) cat "$root/deno.json" "$root/package.json" "$root/deno.lock" ;;
    tensorflow) accelerator && cat "$root"/requirements/tensorflow-*.txt ;;
  esac
}

is_done() {
  case $1 in
    python) [ ! -e "$state/python.begun" ] && [ -x "$venv/bin/deno" ] && [ -x "$venv/bin/python" ] && [ -f "$kernel/kernel.json" ] ;;
    packages) [ -d "$root/node_modules/.deno" ] && [ -d "$venv/deno/npm" ] ;;
    tensorflow) { [ -f "$venv/tensorflow/manifest.json" ] || [ -e "$state/without_library" ]; } && [ ! -e "$state/tensorflow.work" ] ;;
  esac && [ -f "$state/$1.done" ] && key_of "$1" | cmp -s - "$state/$1.done"
}

# Makes what is missing of the steps named, and says nothing when nothing is.
ensure() {
  platform=$(uname -sm)
  missing=$(list_missing "$@")
  [ -n "$missing" ] || return 0
  mkdir -p "$state"
  lock
  missing=$(list_missing "$@") # another ./lumen may have made them while this one waited
  if [ -n "$missing" ]; then
    make_missing
  fi
  unlock
}

list_missing() {
  for step in "$@"; do
    is_done "$step" || printf '%s ' "$step"
  done
}

make_missing() {
  choose_plan "$(accelerator)"
  case $missing in *python*) find_python ;; esac
  announce
  check_room
  for step in $missing; do
    rm -f "$state/$step.done"
    "make_$step"
    key_of "$step" >"$state/$step.done.tmp"
    mv "$state/$step.done.tmp" "$state/$step.done"
  done
  rm -rf "$state/tmp" "$state/worker"
  say "Lumen is set up (.venv, node_modules)."
}

# The plan of this machine: where TensorFlow has no library for it and Deno runs all the same, a plan without one.
choose_plan() {
  machine=$(uname -m)
  plan "$(system_name)" "$machine" "$1" && return
  case $(system_name)/$machine/$1 in
    Darwin/x86_64/cpu) plan_name='' plan_download=0 plan_disk=0 plan_room=0 ;;
    *) refuse_platform "$(system_name)" "$machine" ;;
  esac
}

refuse_platform() {
  if plan "$1" "$2" cpu; then
    die "NVIDIA's wheels exist for Linux on x86-64 only, not for $1/$2: use \"./lumen setup --cpu\"."
  fi
  die "TensorFlow's library does not exist for $1/$2; $runs_on. On Windows, run ./lumen inside WSL 2."
}

# Megabytes of a step: to download, on the disk afterwards, needed while it is made; and what it is.
sizes_of() {
  case $1 in
    python) echo 110 410 540 "Deno, JupyterLab" ;;
    packages) echo 265 840 1110 "npm packages" ;;
    tensorflow) echo "$plan_download $plan_disk $plan_room" "TensorFlow ($(accelerator))" ;;
  esac
}

announce() {
  say "Setting up Lumen in $root"
  total_download=0 total_disk=0 passing=0
  for step in $missing; do
    if [ "$step" = tensorflow ] && [ -z "$plan_name" ]; then
      say "  TensorFlow's library does not exist for $(uname -s)/$machine: predictions run without it, more slowly;" \
        "$runs_on."
      continue
    fi
    read -r download disk room what <<EOF
$(sizes_of "$step")
EOF
    say "$(printf '  %-20s %5d MB to download, %5d MB on the disk' "$what" "$download" "$disk")"
    total_download=$((total_download + download)) total_disk=$((total_disk + disk))
    [ $((room - disk)) -le "$passing" ] || passing=$((room - disk))
  done
  total_room=$((total_disk + passing))
  say "  $(printf '%-20s %5d MB to download, %5d MB on the disk' 'in all, at most' "$total_download" "$total_disk")"
  say "All of it goes into .venv and node_modules here; \"./lumen clean\" takes it away."
  if [ "$plan_name" = linux-x86_64 ] && nvidia-smi -L >/dev/null 2>&1; then
    say "An NVIDIA GPU is here: \"./lumen setup --gpu\" installs the library that trains on it (3,380 MB to download)."
  fi
}

make_python() {
  # "begun" outlives a kill: pip takes a half-copied package for an installed one, so that start from nothing
  if [ -e "$state/python.begun" ] || ! environment_works; then
    : >"$state/python.begun"
    rm -rf "$venv/bin" "$venv/lib" "$venv/lib64" "$venv/include" "$venv/share" "$venv/etc" "$venv/pyvenv.cfg"
    work "Python environment" 30 ".venv/lib" "$python" -m venv "$venv"
  fi
  : >"$state/python.begun"
  work "Deno, JupyterLab" 410 ".venv/bin .venv/lib .venv/share .venv/lumen/tmp" \
    "$venv/bin/python" -m pip install $pip_options --no-deps -r "$root/requirements/lab.txt" \
    -r "$root/requirements/sound.txt"
  work "Jupyter kernel" 1 ".venv/share/jupyter/kernels" \
    "$venv/bin/python" "$root/tools/setup/install_kernel.py" "$venv" "$state/tmp"
  printf '%s\n' "$root" >"$state/root"
  rm -f "$state/python.begun"
}

# A working interpreter that belongs to this folder: a moved project's scripts point to the old place.
environment_works() {
  [ -x "$venv/bin/python" ] || return 1
  "$venv/bin/python" -c 'import pip, sys; sys.exit(sys.prefix == sys.base_prefix or sys.version_info < (3, 10))' \
    >/dev/null 2>&1 || return 1
  [ ! -f "$state/root" ] || [ "$(cat "$state/root")" = "$root" ]
}

make_packages() {
  rm -rf "$venv"/deno/npm/*/*/*.tmp "$venv"/deno/npm/*/@*/*/*.tmp # what a killed install was unpacking
  # packages' build scripts are never run: the two that have one work without
  work "npm packages" 830 ".venv/deno" "$venv/bin/deno" install --frozen
}

make_tensorflow() {
  scratch=$state/tensorflow.work
  rm -rf "$scratch" "$state/without_library"
  if [ -z "$plan_name" ]; then
    : >"$state/without_library"
    return
  fi
  mkdir -p "$scratch/wheels" "$scratch/libraries"
  set --
  for tag in $plan_tags; do
    set -- "$@" --platform "$tag"
  done
  work "TensorFlow's wheel" "$plan_download" ".venv/lumen/tensorflow.work .venv/lumen/tmp" \
    "$venv/bin/python" -m pip download $pip_options --no-deps --python-version 3.12 --implementation cp \
    --abi cp312 --abi none "$@" -d "$scratch/wheels" -r "$root/requirements/tensorflow-$plan_name.txt"
  work "TensorFlow's library" "$plan_disk" ".venv/lumen/tensorflow.work/libraries" \
    "$venv/bin/python" "$root/tools/setup/extract_library.py" "$scratch/wheels" "$scratch/libraries"
  for folder in tensorflow nvidia; do
    [ ! -e "$venv/$folder" ] || mv "$venv/$folder" "$scratch/old-$folder"
    [ ! -e "$scratch/libraries/$folder" ] || mv "$scratch/libraries/$folder" "$venv/$folder"
  done
  rm -rf "$scratch"
}

# Looks deeper than the check at every start does, and forgets what does not hold.
inspect() {
  [ -e "$venv/bin/python" ] || return 0
  { "$venv/bin/python" -c 'import jupyterlab, nbclient, nbconvert, _soundfile_data' && "$venv/bin/deno" --version; } >/dev/null 2>&1 ||
    : >"$state/python.begun"
  "$venv/bin/python" "$root/tools/setup/check_library.py" "$venv" || rm -f "$state/tensorflow.done"
  rm -f "$state/packages.done" # deno install looks for itself what is missing, in a moment
}

setup_command() {
  wanted='' show_plan='' on=''
  while [ $# -gt 0 ]; do
    case $1 in
      --gpu) wanted=cuda ;;
      --cpu) wanted=cpu ;;
      --plan) show_plan=yes ;;
      --platform)
        case ${2:-} in
          ?*/?*) on=$2 show_plan=yes && shift ;;
          *) die "--platform needs SYSTEM/MACHINE, as in \"./lumen setup --plan --platform Linux/x86_64\"." ;;
        esac
        ;;
      *) die "set-up does not know \"$1\"; it knows --gpu, --cpu, --plan [--platform SYSTEM/MACHINE]." ;;
    esac
    shift
  done
  if [ -n "$show_plan" ]; then
    on=${on:-$(system_name)/$(uname -m)}
    plan "${on%/*}" "${on##*/}" "${wanted:-$(accelerator)}" || refuse_platform "${on%/*}" "${on##*/}"
    print_plan
    return
  fi
  choose_plan "${wanted:-$(accelerator)}"
  case $wanted in
    cuda) mkdir -p "$state" && : >"$state/cuda" ;;
    cpu) rm -f "$state/cuda" ;;
  esac
  inspect
  ensure python packages tensorflow
  say "Everything is in its place: \"./lumen doctor\" shows it, \"./lumen demo\" begins."
}
