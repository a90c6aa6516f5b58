"""Puts Deno's Jupyter kernel into the environment, and nothing into the user's home.

    python install_kernel.py ENVIRONMENT SCRATCH

Deno writes its own kernel specification, below a home folder that is the scratch folder; it is completed by the
environment's variables and moved into its place whole.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys


def main(environment: pathlib.Path, scratch: pathlib.Path) -> None:
    deno = environment / "bin" / "deno"
    home = {"HOME": str(scratch), "XDG_DATA_HOME": str(scratch / "share")}
    subprocess.run([deno, "jupyter", "--install", "--force"], env=os.environ | home, check=True)
    written = next(scratch.rglob("kernel.json"), None)
    if written is None:
        raise SystemExit(f"deno jupyter --install wrote no kernel below {scratch}")

    spec = json.loads(written.read_text())
    spec["argv"][0] = str(deno)
    spec["env"] = {
        "DENO_DIR": str(environment / "deno"),
        "DENO_NO_UPDATE_CHECK": "1",
        "TF_CPP_MIN_LOG_LEVEL": "1",
    }
    written.write_text(json.dumps(spec, indent=2) + "\n")

    place = environment / "share" / "jupyter" / "kernels" / "deno"
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(place, ignore_errors=True)
    os.rename(written.parent, place)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
