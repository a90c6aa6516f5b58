"""What oneDNN's primitives took in a step, from what bench/steps.ts or PyTorch print with ONEDNN_VERBOSE=1 in the environment.

    ONEDNN_VERBOSE=1 ./lumen deno run -P=lumen bench/steps.ts NETWORK | python bench/peers/onednn_times.py
    ONEDNN_VERBOSE=1 python bench/peers/train_steps.py NETWORK | python bench/peers/onednn_times.py

A line a kind of primitive: its milliseconds in a step, and how often it runs; what is left of the step is everything else.
"""
import collections
import re
import sys

steps, whole = 1, None
milliseconds, runs = collections.Counter(), collections.Counter()
for line in sys.stdin:
    if match := re.match(r"from here on (\d+) steps", line):
        steps = int(match[1])
        milliseconds.clear(), runs.clear()
    elif match := re.match(r"milliseconds a step (\S+)", line):
        whole = float(match[1])
    elif ",exec,cpu," in line:
        fields = line.strip().split(",")
        kind, implementation, direction, problem = fields[5], fields[6], fields[7], fields[-2]
        grouped = kind == "convolution" and re.match(r"(mb\d+_)?g\d", problem)
        depthwise = "depthwise " if "dw" in implementation else "grouped " if grouped else ""
        name = f"{depthwise}{kind} {'' if direction == 'undef' else direction}".strip()
        milliseconds[name] += float(fields[-1]) / steps
        runs[name] += 1 / steps
for name, time in milliseconds.most_common():
    print(f"{time:8.1f} ms {runs[name]:5.0f} x {name}")
if whole is not None:
    print(f"{whole - sum(milliseconds.values()):8.1f} ms         everything else\n{whole:8.1f} ms         a step")
