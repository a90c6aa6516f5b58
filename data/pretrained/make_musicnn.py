"""Writes musicnn.safetensors and musicnn_tags.json beside itself: musicnn's weights from the checkpoint in its wheel.

    pip download --no-deps musicnn==0.1.0
    python data/pretrained/make_musicnn.py musicnn-0.1.0-py3-none-any.whl

Needs safetensors and tensorflow-cpu 2.21. The checkpoint is MTT_musicnn, trained on MagnaTagATune, whose 50 tags name
instruments. The original's pictures are [frames, bands], ours [bands, frames], so both axes of its filters change
places; what it joins by turns (maximum and mean of every channel) lies one behind the other here.
"""
import ast
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import tensorflow as tf
from safetensors.numpy import save_file

# ours by the original's, in the order in which it made them
CONVOLUTIONS = [
    "timbral.0.conv", "timbral.1.conv", "temporal.0.conv", "temporal.1.conv", "temporal.2.conv",
    "middle.0.conv", "middle.1.conv", "middle.2.conv",
]
BATCH_NORMS = [
    "input.norm", "timbral.0.norm", "timbral.1.norm", "temporal.0.norm", "temporal.1.norm", "temporal.2.norm",
    "middle.0.norm", "middle.1.norm", "middle.2.norm", "pooled.norm", "embedding.norm",
]
DENSE = ["embedding.dense", "classifier"]
STATISTICS = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}


def numbered(name, k):
    return f"{name}_{k}" if k else name


def one_behind_the_other(values):
    """[max, mean of channel 0, max, mean of channel 1, ...] to all maxima, then all means."""
    return np.concatenate([values[0::2], values[1::2]])


def convert(read):
    tensors = {}
    for k, name in enumerate(CONVOLUTIONS):
        kernel = read(numbered("conv2d", k) + "/kernel")
        # the middle's bands are the front end's channels
        turned = kernel.transpose(2, 0, 1, 3) if name.startswith("middle") else kernel.transpose(1, 0, 2, 3)
        tensors[f"{name}.weight"] = turned
        tensors[f"{name}.bias"] = read(numbered("conv2d", k) + "/bias")
    for k, name in enumerate(BATCH_NORMS):
        for ours, theirs in STATISTICS.items():
            values = read(f"{numbered('batch_normalization', k)}/{theirs}")
            tensors[f"{name}.{ours}"] = one_behind_the_other(values) if name == "pooled.norm" else values
    for k, name in enumerate(DENSE):
        kernel = read(numbered("dense", k) + "/kernel")
        tensors[f"{name}.weight"] = one_behind_the_other(kernel) if k == 0 else kernel
        tensors[f"{name}.bias"] = read(numbered("dense", k) + "/bias")
    return {name: np.ascontiguousarray(values) for name, values in tensors.items()}


def tags(configuration):
    for statement in ast.parse(configuration).body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == "MTT_LABELS":
            return ast.literal_eval(statement.value)


def main(wheel):
    folder = Path(__file__).parent
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as temporary:
        for part in (".index", ".data-00000-of-00001"):
            Path(temporary, f"checkpoint{part}").write_bytes(archive.read(f"musicnn/MTT_musicnn/{part}"))
        reader = tf.compat.v1.train.NewCheckpointReader(f"{temporary}/checkpoint")
        tensors = convert(reader.get_tensor)
        labels = tags(archive.read("musicnn/configuration.py").decode())
    save_file(tensors, folder / "musicnn.safetensors", {
        "name": "musicnn, MTT_musicnn",
        "origin": "Jordi Pons and Music Technology Group, Universitat Pompeu Fabra 2019; PyPI musicnn 0.1.0",
        "licence": "ISC",
        "changes": "the optimizer's state left out; axes reordered",
    })
    (folder / "musicnn_tags.json").write_text(json.dumps(labels, indent=0) + "\n")


main(*sys.argv[1:])
