"""Writes yamnet.safetensors and yamnet_classes.json beside itself: YAMNet's weights from its TensorFlow Lite file.

    python data/pretrained/make_yamnet.py yamnet.tflite yamnet_class_map.csv

Needs numpy, safetensors and tflite (PyPI). Weights that are int8 in the file stay int8, with their scale in a tensor
of the same name and ".scale" behind it; the rest is float32. Batch norms are folded into the convolutions before them
already. A filter is [bands, frames, inputs, outputs], a depthwise one [bands, frames, channels, 1], the classifier
[inputs, outputs]: the original's picture is [frames, bands], ours [bands, frames], so both axes change places.
"""
import csv
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import tflite
from safetensors.numpy import save_file

SHA256 = "469be6a3421cbc52cf97e9f2f966cba984198e8e7af9854d68b3e3ebb1e04194"
NUMBER_TYPES = {tflite.TensorType.FLOAT32: np.float32, tflite.TensorType.INT8: np.int8}


def read_constants(data):
    """Operators in order, each as (name of its kind, [(values, scale) of its constant inputs])."""
    model = tflite.Model.GetRootAs(data, 0)
    graph = model.Subgraphs(0)
    kinds = {number: kind for kind, number in vars(tflite.BuiltinOperator).items() if isinstance(number, int)}

    def constant(index):
        tensor = graph.Tensors(index)
        buffer = model.Buffers(tensor.Buffer())
        if buffer.DataLength() == 0 or tensor.Type() not in NUMBER_TYPES:
            return None
        values = buffer.DataAsNumpy().view(NUMBER_TYPES[tensor.Type()]).reshape(tensor.ShapeAsNumpy())
        if values.dtype == np.float32:
            return values, None
        quantization = tensor.Quantization()
        assert quantization.ScaleLength() == 1 and not quantization.ZeroPointAsNumpy().any()
        return values, np.float32(quantization.ScaleAsNumpy()[0])

    dequantized = {}
    operators = []
    for k in range(graph.OperatorsLength()):
        operator = graph.Operators(k)
        code = model.OperatorCodes(operator.OpcodeIndex())
        kind = kinds[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
        inputs = [int(i) for i in operator.InputsAsNumpy()]
        if kind == "DEQUANTIZE":
            dequantized[int(operator.OutputsAsNumpy()[0])] = constant(inputs[0])
            continue
        constants = [dequantized.get(i) or constant(i) for i in inputs if i >= 0]
        operators.append((kind, [c for c in constants if c]))
    return operators


def layers(operators):
    """Name, filter and bias of every layer, as the original names them."""
    convolutions = [c for c in operators if c[0] in ("CONV_2D", "DEPTHWISE_CONV_2D")]
    assert len(convolutions) == 27
    names = ["layer1.conv"] + [f"layer{n}.{part}_conv" for n in range(2, 15) for part in ("depthwise", "pointwise")]
    for name, (_, (weight, bias)) in zip(names, convolutions):
        yield name, (weight[0].transpose(2, 1, 3, 0), weight[1]), bias[0]
    weight, bias = operators[-2][1]
    yield "classifier", (weight[0].T, weight[1]), bias[0]


def main(model_path, classes_path):
    folder = Path(__file__).parent
    data = Path(model_path).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    assert digest == SHA256, f"{model_path} has checksum {digest}, not {SHA256}: another file"
    tensors = {}
    for name, (weight, scale), bias in layers(read_constants(data)):
        tensors[f"{name}.weight"] = np.ascontiguousarray(weight)
        if scale is not None:
            tensors[f"{name}.weight.scale"] = np.array([scale])
        tensors[f"{name}.bias"] = bias
    save_file(tensors, folder / "yamnet.safetensors", {
        "name": "YAMNet",
        "origin": "TensorFlow Authors, tensorflow/models, research/audioset/yamnet; trained on AudioSet",
        "licence": "Apache-2.0",
        "changes": "batch norms folded, weights int8 (as in the TensorFlow Lite file); time and frequency exchanged",
        "source_sha256": SHA256,
    })
    with open(classes_path, newline="") as file:
        classes = [row["display_name"] for row in csv.DictReader(file)]
    assert len(classes) == 521
    (folder / "yamnet_classes.json").write_text(json.dumps(classes, indent=0, ensure_ascii=False) + "\n")


main(*sys.argv[1:])
