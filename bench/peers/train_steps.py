"""Training steps of one network of published_torch.py, for a profiler (see onednn_times.py)."""
import sys
import time

from published_torch import prepare

STEPS = 4
step = prepare(sys.argv[1], (8, 128, 300, 3))["step"]
for _ in range(STEPS):
    step()
print(f"from here on {STEPS} steps", flush=True)
start = time.perf_counter()
for _ in range(STEPS):
    step()
print(f"milliseconds a step {(time.perf_counter() - start) * 1000 / STEPS}", flush=True)
