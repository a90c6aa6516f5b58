"""Whether the native libraries have the sizes that their extraction recorded: exit status 0 or 1.

python check_library.py ENVIRONMENT
"""
import json
import pathlib
import sys


def main(environment: pathlib.Path) -> bool:
    try:
        manifest = json.loads((environment / "tensorflow" / "manifest.json").read_text())
        return all((environment / file["path"]).stat().st_size == file["size"] for file in manifest["files"])
    except (OSError, ValueError, KeyError):
        return False


if __name__ == "__main__":
    sys.exit(not main(pathlib.Path(sys.argv[1])))
