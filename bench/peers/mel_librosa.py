"""librosa's side of bench/mel.ts: `python mel_librosa.py CLIP.wav`.

Prints its name; for each line of its input, the name of a piece of work, prints a JSON list of the milliseconds of
ten repetitions.
"""
import json
import sys
import time

import librosa
import numpy as np

REPEATS = 10
path = sys.argv[1]
y, rate = librosa.load(path, sr=None, mono=True)
y16 = librosa.resample(y, orig_sr=rate, target_sr=16000)


def mel(y, n_fft, hop):
    power = librosa.feature.melspectrogram(y=y, sr=16000, n_fft=n_fft, hop_length=hop, n_mels=128)
    return librosa.power_to_db(power, ref=np.max)


def from_file():
    loaded, _ = librosa.load(path, sr=16000, mono=True)
    return mel(librosa.util.normalize(loaded), 400, 160)


WORK = {
    "mel in dB, n_fft 400, hop 160": lambda: mel(y16, 400, 160),
    "mel in dB, n_fft 2048, hop 512": lambda: mel(y16, 2048, 512),
    "resample 44.1 to 16 kHz": lambda: librosa.resample(y, orig_sr=rate, target_sr=16000),
    "WAV file to mel in dB, n_fft 400": from_file,
}

print(f"librosa {librosa.__version__}", flush=True)
for line in sys.stdin:
    run = WORK[line.strip()]
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps(times), flush=True)
