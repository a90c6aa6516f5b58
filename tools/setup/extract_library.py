"""Takes TensorFlow's native libraries, and NVIDIA's where they are, out of the wheels in a folder.

    python extract_library.py WHEELS TARGET

Each wheel is deleted once it is read, so that both never lie on the disk whole. TARGET/tensorflow/manifest.json
records size and SHA-256 of every file; the folders keep the places that the libraries look for each other at.
Python's own modules only: set-up runs this before anything is installed.
"""
import fnmatch
import hashlib
import json
import pathlib
import sys
import zipfile

WANTED = (
    "tensorflow/libtensorflow_cc.*",
    "tensorflow/libtensorflow_framework.*",
    "nvidia/*/lib/*.so*",
    "nvidia/cuda_nvcc/bin/*",
    "nvidia/cuda_nvcc/nvvm/*",
)
BLOCK = 1 << 20


def extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: pathlib.Path) -> dict:
    """Writes one file, whose check sum the archive's reader compares, and returns its record."""
    path = target / entry.filename
    if not path.resolve().is_relative_to(target.resolve()):
        raise ValueError(f"{archive.filename} has a file outside its folder: {entry.filename}")
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with archive.open(entry) as source, path.open("wb") as out:
        while block := source.read(BLOCK):
            digest.update(block)
            out.write(block)
    path.chmod(0o755)
    return {"path": entry.filename, "size": entry.file_size, "sha256": digest.hexdigest()}


def main(wheels: pathlib.Path, target: pathlib.Path) -> None:
    names = sorted(wheels.glob("*.whl"))
    records = []
    for name in names:
        with zipfile.ZipFile(name) as archive:
            for entry in archive.infolist():
                if any(fnmatch.fnmatch(entry.filename, pattern) for pattern in WANTED):
                    records.append(extract(archive, entry, target))
        name.unlink()
    if not any("libtensorflow_cc." in record["path"] for record in records):
        found = ", ".join(name.name for name in names) or "none"
        raise SystemExit(f"no TensorFlow library in the wheels of {wheels} (found: {found})")
    manifest = {"wheels": [name.name for name in names], "files": records}
    (target / "tensorflow" / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
