"""librosa's side of bench/key.ts and bench/demo_keys.ts.

Prints its name. Each line of its input is answered in JSON: a piece of work, with the milliseconds of five repetitions
on the clip that WAV tells (`clip WAV` is answered with its seconds); `key FILE`, with the file's key or null.
"""
import json
import sys
import time

import librosa
import numpy as np

SR, REPEATS = 22050, 5
TONES = "C C# D D# E F F# G G# A A# B".split()
# Krumhansl and Kessler, 1982
PROFILES = {
    "major": [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
    "minor": [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
}


def key(y):
    harmonic = librosa.effects.harmonic(y)
    tones = librosa.feature.chroma_cqt(y=harmonic, sr=SR, bins_per_octave=24).sum(axis=1)
    if np.ptp(tones) == 0:
        return None
    names = [(tone, mode) for mode in PROFILES for tone in range(12)]
    fits = [round(float(np.corrcoef(tones, np.roll(PROFILES[mode], tone))[0, 1]), 3) for tone, mode in names]
    tone, mode = names[int(np.argmax(fits))]
    return f"{TONES[tone]} {mode}"


def measured(run):
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return times


y = np.zeros(SR, "float32")
WORK = {
    "harmonic part": lambda: librosa.effects.harmonic(y),
    "tuning": lambda: librosa.estimate_tuning(y=y, sr=SR, bins_per_octave=24),
    "constant-Q transform": lambda: np.abs(librosa.cqt(y, sr=SR, n_bins=168, bins_per_octave=24)),
    "chroma, constant-Q": lambda: librosa.feature.chroma_cqt(y=y, sr=SR, bins_per_octave=24),
    "chroma, Fourier": lambda: librosa.feature.chroma_stft(y=y, sr=SR),
    "key": lambda: key(y),
}

print(f"librosa {librosa.__version__}", flush=True)
for line in sys.stdin:
    command, _, path = line.strip().partition(" /")
    if command == "clip":
        y, _ = librosa.load("/" + path, sr=SR, mono=True)
        answer = len(y) / SR
    elif command == "key":
        answer = key(librosa.load("/" + path, sr=SR, mono=True)[0]) if path else measured(WORK["key"])
    else:
        answer = measured(WORK[command])
    print(json.dumps(answer), flush=True)
