"""The PyTorch side of the comparison on real IRMAS mels: ConvNeXt-atto from scratch, one fold, one seed.

Same data, fold, architecture, initial distribution, optimizer, schedule, batches and augmentation as the recipe
`irmas_scratch`; only the framework and the random numbers differ.

    python bench/peers/convnext_irmas.py --pack PACK.npz --folds experiments/folds/stratified_group_5.json \
        --relabelled data/published/irmas_relabelled.csv --seed 0 --out RESULT.json
"""
import argparse
import csv
import json
import re
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

LABELS = "cel cla flu gac gel org pia sax tru vio voi".split()
DEPTHS, WIDTHS = (2, 2, 6, 2), (40, 80, 160, 320)


class ChannelNorm(nn.LayerNorm):
    """Layer norm over the channels of an NCHW tensor."""

    def __init__(self, channels):
        super().__init__(channels, eps=1e-6)

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.expand = nn.Linear(channels, 4 * channels)
        self.project = nn.Linear(4 * channels, channels)
        self.scale = nn.Parameter(torch.full((channels,), 0.1))

    def forward(self, x):
        y = self.depthwise(x).permute(0, 2, 3, 1)
        y = self.project(F.gelu(self.expand(self.norm(y)))) * self.scale
        return x + y.permute(0, 3, 1, 2)


class ConvNeXt(nn.Module):
    def __init__(self, channels=1):
        super().__init__()
        layers = [nn.Conv2d(channels, WIDTHS[0], 4, 4), ChannelNorm(WIDTHS[0])]
        for stage, (depth, width) in enumerate(zip(DEPTHS, WIDTHS)):
            if stage:
                layers += [ChannelNorm(WIDTHS[stage - 1]), nn.Conv2d(WIDTHS[stage - 1], width, 2, 2)]
            layers += [Block(width) for _ in range(depth)]
        self.features = nn.Sequential(*layers)
        self.norm = nn.LayerNorm(WIDTHS[-1], eps=1e-6)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(WIDTHS[-1], len(LABELS))

    def forward(self, x):
        return self.head(self.dropout(self.norm(self.features(x).mean((2, 3)))))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pack", required=True)
    parser.add_argument("--folds", required=True)
    parser.add_argument("--relabelled", required=True)
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--max-steps", type=int, default=0, help="stop an epoch early (timing)")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)

    pack = np.load(args.pack)
    names = [str(name) for name in pack["name"]]
    label = np.array([LABELS.index(name.split("/")[0]) for name in names])
    recording = [re.sub(r"__\d+(\.\w+)?$", "", name) for name in names]
    with open(args.relabelled) as file:
        clips = [row["file"].removesuffix(".wav") for row in csv.DictReader(file)]
    by_clip = {re.sub(r"\.wav$", "", name.split("/")[1]): k for k, name in enumerate(names)}
    relabelled = [by_clip[clip] for clip in clips]
    never = {recording[k] for k in relabelled}
    held = set(json.load(open(args.folds))["folds"][args.fold])
    train = np.array([k for k, r in enumerate(recording) if r not in held and r not in never])
    test = np.array([k for k, r in enumerate(recording) if r in held])

    # bytes 0..255 are -80..0 dB; centred and scaled to -2..2
    x = torch.tensor(pack["mel"]).float()[:, None] / 255 * 4 - 2
    y = torch.eye(len(LABELS))[label]
    model = ConvNeXt().to(memory_format=torch.channels_last)
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}], 1e-3)
    batch = 32
    steps = len(train) // batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 2e-3, total_steps=args.epochs * steps, cycle_momentum=False)

    def logits(index):
        model.eval()
        with torch.no_grad():
            return torch.cat([model(x[index[k:k + 128]]) for k in range(0, len(index), 128)])

    history = []
    for epoch in range(args.epochs):
        model.train()
        order = rng.permutation(train)
        total, started = 0.0, time.perf_counter()
        for step in range(min(steps, args.max_steps or steps)):
            index = order[step * batch:(step + 1) * batch]
            shifted = torch.roll(x[index], int(rng.integers(x.shape[3])), 3)
            loss = F.binary_cross_entropy_with_logits(
                model(shifted.contiguous(memory_format=torch.channels_last)), y[index])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        seconds = time.perf_counter() - started
        accuracy = (logits(test).argmax(1).numpy() == label[test]).mean()
        history.append({"epoch": epoch, "loss": total / steps, "accuracy": accuracy, "seconds": seconds})
        print(history[-1], flush=True)

    result = {
        "framework": f"torch {torch.__version__}",
        "seed": args.seed,
        "fold": args.fold,
        "train": len(train),
        "history": history,
        "accuracy": history[-1]["accuracy"],
        "test": {
            "clips": [names[k] for k in test],
            "logits": np.round(logits(test).numpy().astype(float), 4).tolist(),
        },
        "relabelled": {
            "clips": [names[k] for k in relabelled],
            "logits": np.round(logits(np.array(relabelled)).numpy().astype(float), 4).tolist(),
        },
    }
    with open(args.out, "w") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main()
