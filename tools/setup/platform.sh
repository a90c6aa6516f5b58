# Which TensorFlow library belongs to which machine. Sourced by ./lumen.
# Sizes in MB (10^6 bytes), measured on 2026-11-22; "seen" says on which platforms set-up was really run.

# The plan of a platform: plan SYSTEM MACHINE cpu|cuda, the first two as `uname -s` and `uname -m` write them.
# Sets plan_name (also the name of requirements/tensorflow-NAME.txt), plan_tags (pip's platforms, best first),
# plan_libraries, plan_download, plan_disk (what stays), plan_room (needed while it installs), plan_seen.
# Returns 1 for a platform that TensorFlow has no library for.
plan() {
  plan_libraries="libtensorflow_cc.so.2 libtensorflow_framework.so.2"
  case $1/$2/$3 in
    Linux/x86_64/cpu | Linux/amd64/cpu)
      plan_name=linux-x86_64 plan_tags=manylinux_2_27_x86_64
      plan_download=274 plan_disk=853 plan_room=1130 plan_seen=yes
      ;;
    Linux/x86_64/cuda | Linux/amd64/cuda)
      plan_name=linux-x86_64-cuda
      plan_tags="manylinux_2_27_x86_64 manylinux_2_17_x86_64 manylinux2014_x86_64 manylinux_2_12_x86_64 manylinux2010_x86_64"
      plan_download=3380 plan_disk=5656 plan_room=6800 plan_seen="without a GPU"
      ;;
    Linux/aarch64/cpu | Linux/arm64/cpu)
      plan_name=linux-aarch64 plan_tags=manylinux_2_27_aarch64
      plan_download=282 plan_disk=883 plan_room=1165 plan_seen=no
      ;;
    Darwin/arm64/cpu)
      plan_name=macos-arm64 plan_tags=macosx_12_0_arm64
      plan_libraries="libtensorflow_cc.2.dylib libtensorflow_framework.2.dylib"
      plan_download=223 plan_disk=741 plan_room=964 plan_seen=no
      ;;
    *)
      return 1
      ;;
  esac
}

# The system's name; "Linux (musl)" where the C library is not the one that the wheels are built for.
system_name() {
  system=$(uname -s)
  if [ "$system" = Linux ] && ldd --version 2>&1 | grep -qi musl; then
    system="Linux (musl)"
  fi
  printf '%s\n' "$system"
}

# The plan as lines of "key value", for ./lumen setup --plan.
print_plan() {
  printf 'platform %s\n' "$plan_name"
  printf 'requirements %s\n' "requirements/tensorflow-$plan_name.txt"
  printf 'wheels %s\n' "$plan_tags"
  printf 'libraries %s\n' "$plan_libraries"
  printf 'download %s MB\n' "$plan_download"
  printf 'disk %s MB\n' "$plan_disk"
  printf 'run before %s\n' "$plan_seen"
}
