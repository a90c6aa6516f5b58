"""PyTorch's side of bench/engine.ts: ConvNeXt-atto, eager, all cores, channels last.

Prints its name; for each line of its input, `forward`, `step` or `epoch` and the input's shape, prints a JSON list of
the milliseconds of five repetitions (of an epoch: one, of 32 batches with their shift in time and schedule).
"""
import json
import sys
import time

import torch
import torch.nn.functional as F

from convnext_irmas import ConvNeXt, LABELS
from torch_passes import forward, noise, step

torch.manual_seed(0)
REPEATS, STEPS = 5, 32


def prepare(batch, bands, frames, channels):
    model = ConvNeXt(channels).to(memory_format=torch.channels_last)
    x, y = noise(batch, bands, frames, channels, len(LABELS))
    optimizer = torch.optim.Adam(model.parameters(), 1e-4)
    clips, targets = torch.randn(STEPS * batch, channels, bands, frames), y.repeat(STEPS, 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=10**6, cycle_momentum=False)

    def epoch():
        model.train()
        order = torch.randperm(len(clips))
        for k in range(0, len(clips), batch):
            index = order[k:k + batch]
            shifted = torch.roll(clips[index], int(torch.randint(frames, ())), 3)
            loss = F.binary_cross_entropy_with_logits(
                model(shifted.contiguous(memory_format=torch.channels_last)), targets[index])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            loss.item()

    runs = {"forward": lambda: forward(model, x), "step": lambda: step(model, optimizer, x, y), "epoch": epoch}
    runs["forward"](), runs["step"]()
    return runs


def measure(run, repeats):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return times


print(f"PyTorch {torch.__version__.split('+')[0]} eager", flush=True)
prepared = {}
for line in sys.stdin:
    what, *shape = line.split()
    key = tuple(map(int, shape))
    if key not in prepared:
        prepared[key] = prepare(*key)
    repeats = 1 if what == "epoch" else REPEATS
    print(json.dumps(measure(prepared[key][what], repeats)), flush=True)
