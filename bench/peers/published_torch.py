"""The published networks of timm, torchvision and transformers that bench/train.ts measures, channels last."""
import timm
import torch
import torchvision
from torch.utils.flop_counter import FlopCounterMode

from torch_passes import forward, noise, step

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


def prepare(name, shape, compiled=False):
    """What can be run of a network on [batch, bands, frames, channels], by name; `operations` counts those of `forward`."""
    plain = NETWORKS[name](shape[3]).to(memory_format=torch.channels_last)
    model = torch.compile(plain) if compiled else plain
    x, y = noise(*shape, OUTPUTS)
    optimizer = torch.optim.Adam(plain.parameters(), 1e-4)

    def operations():
        with FlopCounterMode(display=False) as counter:
            forward(plain, x)
        return counter.get_total_flops()

    return {"forward": lambda: forward(model, x), "step": lambda: step(model, optimizer, x, y), "operations": operations}
