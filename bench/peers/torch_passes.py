"""What both PyTorch sides of the networks' benchmarks do with a model, and its batch of noise."""
import torch
import torch.nn.functional as F


def noise(batch, bands, frames, channels, outputs):
    """A batch, channels last, and its labels."""
    x = torch.randn(batch, channels, bands, frames).contiguous(memory_format=torch.channels_last)
    return x, (torch.rand(batch, outputs) > 0.8).float()


def forward(model, x):
    model.eval()
    with torch.no_grad():
        model(x)


def step(model, optimizer, x, y):
    """Forward, backward and update; waits for the loss."""
    model.train()
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(x), y)
    loss.backward()
    optimizer.step()
    loss.item()
