"""Training steps of one network of train_torch.py, for a profiler (see onednn_times.py)."""
import sys
import time

name = sys.argv[1]
sys.argv[1:] = ["eager"]
sys.stdin = open("/dev/null")
from train_torch import prepare  # noqa: E402

STEPS = 4
step = prepare(name, 8, 128, 300, 3)["step"]
for _ in range(STEPS):
    step()
print(f"from here on {STEPS} steps", flush=True)
start = time.perf_counter()
for _ in range(STEPS):
    step()
print(f"milliseconds a step {(time.perf_counter() - start) * 1000 / STEPS}", flush=True)
