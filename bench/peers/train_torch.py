"""PyTorch's side of bench/train.ts: the published networks of timm, torchvision and transformers on all cores, channels last.

    python train_torch.py eager|compile

Prints its name; for each line of its input, `forward` or `step`, the network's name and its input's shape, prints a JSON
list of one time in milliseconds; for `operations` before such a line, the floating-point operations of the matrix
products and convolutions of the network's answer, as PyTorch counts them.
"""
import json
import sys
import time

import timm
import torch
import torch.nn.functional as F
import torchvision
from torch.utils.flop_counter import FlopCounterMode

torch.version.cuda = "13.0"  # what torchaudio, which transformers imports, was built with (requirements.in)
import transformers  # noqa: E402

torch.manual_seed(0)
OUTPUTS = 11


class Ast(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.network = transformers.ASTForAudioClassification(transformers.ASTConfig(num_labels=OUTPUTS))

    def forward(self, x):  # [batch, 1, bands, frames]
        return self.network(x.squeeze(1).transpose(1, 2)).logits


NETWORKS = {
    "convnext-atto": lambda c: timm.create_model("convnext_atto", in_chans=c, num_classes=OUTPUTS),
    "convnext-tiny": lambda c: torchvision.models.convnext_tiny(num_classes=OUTPUTS),
    "resnext50-32x4d": lambda c: torchvision.models.resnext50_32x4d(num_classes=OUTPUTS),
    "efficientnet-v2-s": lambda c: torchvision.models.efficientnet_v2_s(num_classes=OUTPUTS),
    "mobilenet-v3-large": lambda c: torchvision.models.mobilenet_v3_large(num_classes=OUTPUTS),
    "ast-base": lambda c: Ast(),
}


def prepare(name, batch, bands, frames, channels):
    plain = NETWORKS[name](channels).to(memory_format=torch.channels_last)
    model = torch.compile(plain) if mode == "compile" else plain
    x = torch.randn(batch, channels, bands, frames).contiguous(memory_format=torch.channels_last)
    y = (torch.rand(batch, OUTPUTS) > 0.8).float()
    optimizer = torch.optim.Adam(plain.parameters(), 1e-4)

    def forward(model=model):
        model.eval()
        with torch.no_grad():
            model(x)

    def step(model=model):
        model.train()
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(x), y)
        loss.backward()
        optimizer.step()
        loss.item()

    def operations():
        with FlopCounterMode(display=False) as counter:
            forward(plain)
        return counter.get_total_flops()

    return {"forward": forward, "step": step, "operations": operations}


mode = sys.argv[1]
print(f"PyTorch {torch.__version__.split('+')[0]} {'compiled' if mode == 'compile' else 'eager'}", flush=True)
key, prepared = None, None
for line in sys.stdin:
    *counted, what, name, batch, bands, frames, channels = line.split()
    asked = name, int(batch), int(bands), int(frames), int(channels)
    if asked != key:
        key, prepared = asked, prepare(*asked)
    if counted:
        print(prepared["operations"](), flush=True)
        continue
    start = time.perf_counter()
    prepared[what]()
    print(json.dumps([(time.perf_counter() - start) * 1000]), flush=True)
