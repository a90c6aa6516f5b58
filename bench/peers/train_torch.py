"""PyTorch's side of bench/train.ts: the published networks of timm, torchvision and transformers on all cores, channels last.

    python train_torch.py eager|compile

Prints its name; for each line of its input, a number of runs, `forward` or `step`, the network's name and its input's
shape, prints a JSON list of so many times in milliseconds; for `operations` in place of the number, the floating-point
operations of the matrix products and convolutions of the network's answer, as PyTorch counts them.
"""
import json
import sys
import time

import torch

from published_torch import prepare

mode = sys.argv[1]
print(f"PyTorch {torch.__version__.split('+')[0]} {'compiled' if mode == 'compile' else 'eager'}", flush=True)
key, prepared = None, None
for line in sys.stdin:
    count, what, name, batch, bands, frames, channels = line.split()
    asked = name, int(batch), int(bands), int(frames), int(channels)
    if asked != key:
        key, prepared = asked, prepare(name, asked[1:], compiled=mode == "compile")
    if count == "operations":
        print(prepared["operations"](), flush=True)
        continue
    times = []
    for _ in range(int(count)):
        start = time.perf_counter()
        prepared[what]()
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps(times), flush=True)
