# The pages of "./lumen help", "./lumen help COMMAND" and "./lumen COMMAND --help". Sourced by ./lumen.

help_page() {
  cat <<'EOF'
Lumen recognises musical instruments: notebooks, training and data, in TypeScript on Deno and TensorFlow.

  ./lumen demo [--size small|full]   everything from nothing: data, training, notebooks, report
  ./lumen lab                        open the notebooks in JupyterLab

  ./lumen predict FILE...            which instruments sound in a WAV, MP3, OGG or FLAC file
  ./lumen train RECIPE               train a recipe; --data NAME, --set key=value, --seed N, --resume
  ./lumen experiment [E3]            families of experiments: what is there, what is missing, what they say
  ./lumen evaluate RUN...            finished runs' results from their weights once more
  ./lumen thresholds                 what decision thresholds are worth on mixtures of real recordings
  ./lumen notebook 01|all            run notebooks without a browser
  ./lumen ledger                     the document's numbers beside ours
  ./lumen claims                     what the document claims, and what the evidence says of it
  ./lumen data [NAME]                which data sets there are; make, read or check one
  ./lumen quality                    which labels are doubtful, of real and of rendered clips
  ./lumen svm                        the document's support vector machines, on the real features
  ./lumen compare BASE RUN...        whether runs are better than others, with intervals over recordings and seeds
  ./lumen zero-shot                  what pretrained networks hear in the demo's songs by their own classes
  ./lumen chunking                   lengths of pieces, overlaps and aggregations on the demo's songs
  ./lumen joined-clips               what is heard of an instrument that enters for three seconds of real clips
  ./lumen inference-time             how long networks take for sounds of ten seconds to ten minutes
  ./lumen ensemble RUN...            what runs reach together: mean of probabilities, of logits, weighted, soup
  ./lumen bench NAME                 measure against the peers
  ./lumen test [--full]              check format, lint, types and notebooks, run the tests
  ./lumen fuzz                       damage sound files: does any of them break the decoders?

  ./lumen doctor                     versions, devices, libraries, data sets, and what is missing
  ./lumen setup [--gpu|--cpu]        install or repair what the rest needs (done by itself when needed)
  ./lumen setup --plan               what would be installed on this machine, and how large it is
  ./lumen clean [--cache|--all]      take away what set-up made, or the caches; or all that was built from it too
  ./lumen deno ...                   the pinned Deno itself
  ./lumen help                       this page; "./lumen COMMAND --help" says more about a command

Needs: Python 3.10 or newer with venv and pip (LUMEN_PYTHON names another than the first in PATH).
EOF
}

setup_page() {
  cat <<'EOF'
./lumen setup [--gpu|--cpu]   install or repair what the rest needs: in .venv and node_modules here, nowhere else

  --gpu                       from now on TensorFlow's library for NVIDIA GPUs (Linux on x86-64)
  --cpu                       from now on its library for processors, which is the default
  --plan                      print what would be installed on this machine and how large it is, and install nothing
  --platform SYSTEM/MACHINE   the plan of another machine, named as uname -s and uname -m do, e.g. Darwin/arm64
EOF
}

clean_page() {
  cat <<'EOF'
./lumen clean [--cache|--all]   take away .venv and node_modules, which "./lumen setup" makes again

  --cache                       the caches instead: features of sounds, also of those that are gone or have changed
  --all                         also what was built: the report, the rendered audio, the caches
EOF
}

# Whether the call asks for a page: "help", or "--help" anywhere before "--".
asks_for_help() {
  for word in "$@"; do
    case $word in
      --help | -h) return 0 ;;
      --) return 1 ;;
    esac
  done
  [ "${1:-help}" = help ]
}

# Prints the page that is asked for. A command's own page comes from Deno; before set-up, the overview's line stands for it.
help_command() {
  if [ "${1:-}" = help ]; then
    shift
    set -- "$@" --help
  fi
  case ${1:---help} in
    -*) help_page ;;
    setup) setup_page ;;
    clean) clean_page ;;
    *)
      line=$(help_page | grep "^  ./lumen $1 ") || die "there is no command \"$1\"; \"./lumen help\" lists them."
      platform=$(uname -sm)
      if [ "$1" = deno ] || [ -n "$(list_missing python packages)" ]; then
        printf '%s\n' "$line"
        [ "$1" = deno ] || say "\"./lumen $1 --help\" says more once \"./lumen setup\" has been run."
      else
        run_cli "$@"
      fi
      ;;
  esac
}
