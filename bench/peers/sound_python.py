"""The peers' side of bench/sound.ts and bench/demo_music.ts: librosa with soundfile and antropy, and torchaudio.

    python sound_python.py FOLDER

One thread. Writes a piece of music into FOLDER as music.wav, .flac, .ogg, .mp3 (3 s, 44.1 kHz, stereo), prints its
name, then answers each line of its input in JSON:

    measure PEER WORK     milliseconds of some repetitions (null where the peer has nothing of the kind)
    dataset FILE...       seconds for the mel spectrograms of these files, on all cores
    music FILE            key (or null) and tempo of a file
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import concurrent.futures
import json
import sys
import time
import warnings

import antropy
import librosa
import numpy as np
import soundfile
import torch

torch.version.cuda = "13.0"  # torchaudio compares it with its own and refuses, though nothing here runs on a GPU
import torchaudio

torch.set_num_threads(1)
warnings.filterwarnings("ignore")

SECONDS, RATE, ROUND = 3, 44100, 0.15
TONES = "C C# D D# E F F# G G# A A# B".split()
# Krumhansl and Kessler, 1982
PROFILES = {
    "major": [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
    "minor": [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
}


def music():
    """A chord, other notes every half second, and clicks in a little noise; the right channel a little later."""
    rng, beat = np.random.default_rng(0), RATE // 2
    t = np.arange(SECONDS * RATE)
    since, step = t % beat, np.array([0, 5, 7, 3])[(t // beat) % 4]
    notes = sum(np.sin(2 * np.pi * 110 * 2 ** ((note + step) / 12) * t / RATE) for note in (0, 7, 16, 24))
    y = 0.1 * notes * np.exp(-since / 12000) + 0.4 * (since < 6) + rng.normal(0, 0.005, len(t))
    return np.stack([y, np.roll(y, 40)], axis=1)


def key(y):
    harmonic = librosa.effects.harmonic(y)
    tones = librosa.feature.chroma_cqt(y=harmonic, sr=22050, bins_per_octave=24).sum(axis=1)
    if np.ptp(tones) == 0:
        return None
    names = [(tone, mode) for mode in PROFILES for tone in range(12)]
    fits = [round(float(np.corrcoef(tones, np.roll(PROFILES[mode], tone))[0, 1]), 3) for tone, mode in names]
    tone, mode = names[int(np.argmax(fits))]
    return f"{TONES[tone]} {mode}"


def tempo(y):
    envelope = librosa.onset.onset_strength(y=y, sr=22050)
    return float(librosa.feature.tempo(onset_envelope=envelope, sr=22050)[0])


def classical(y):
    """The study's 28 features, with its settings."""
    n = dict(n_fft=len(y), hop_length=len(y) + 1)
    frame = dict(frame_length=len(y), hop_length=len(y) + 1)
    f, s = librosa.feature, dict(y=y, sr=22050)
    return [
        f.mfcc(**s, n_mfcc=10, **n), f.zero_crossing_rate(y, **frame), f.rms(y=y, **frame), f.spectral_rolloff(**s, **n),
        f.spectral_centroid(**s, **n), f.spectral_bandwidth(**s, **n), f.spectral_contrast(**s, **n),
        f.spectral_flatness(y=y, **n), antropy.perm_entropy(y, normalize=True),
        antropy.spectral_entropy(y, 22050, method="welch", normalize=True), antropy.svd_entropy(y, normalize=True),
        antropy.hjorth_params(y),
    ]


def mel(y, n_fft, hop):
    return librosa.feature.melspectrogram(y=y, sr=16000, n_fft=n_fft, hop_length=hop, n_mels=128)


def file_mel(path):
    y, _ = librosa.load(path, sr=16000, mono=True)
    return librosa.power_to_db(mel(librosa.util.normalize(y), 400, 160), ref=np.max).shape


def work(folder):
    for ending in ("wav", "flac", "ogg", "mp3"):
        soundfile.write(f"{folder}/music.{ending}", music(), RATE)
    soundfile.write(f"{folder}/music.float.wav", music(), RATE, subtype="FLOAT")
    y44, _ = soundfile.read(f"{folder}/music.wav", dtype="float32")
    y44 = np.ascontiguousarray(y44.mean(axis=1))
    y16, y22 = (librosa.resample(y44, orig_sr=RATE, target_sr=sr) for sr in (16000, 22050))
    t44, t16, t22 = map(torch.from_numpy, (y44, y16, y22))
    settings = dict(n_mels=128, norm="slaney", mel_scale="slaney")
    mels = {n: torchaudio.transforms.MelSpectrogram(16000, n, n, hop, **settings) for n, hop in ((400, 160), (2048, 512))}
    down = torchaudio.transforms.Resample(RATE, 16000)
    shift = torchaudio.transforms.PitchShift(22050, 2, n_fft=2048)
    shift(t22)  # makes its filters
    read = lambda ending: lambda: soundfile.read(f"{folder}/music.{ending}", dtype="float32")
    return {
        "librosa": {
            "decode WAV": read("wav"),
            "decode float WAV": read("float.wav"),
            "decode FLAC": read("flac"),
            "decode Ogg Vorbis": read("ogg"),
            "decode MP3": read("mp3"),
            "resample 44.1 to 16 kHz": lambda: librosa.resample(y44, orig_sr=RATE, target_sr=16000),
            "mel, n_fft 400, hop 160": lambda: mel(y16, 400, 160),
            "mel, n_fft 2048, hop 512": lambda: mel(y16, 2048, 512),
            "28 features": lambda: classical(y22),
            "key": lambda: key(y22),
            "tempo": lambda: tempo(y22),
            "pitch shift, 2 semitones": lambda: librosa.effects.pitch_shift(y22, sr=22050, n_steps=2),
            "time stretch, 1.25": lambda: librosa.effects.time_stretch(y22, rate=1.25),
        },
        "torchaudio": {
            "resample 44.1 to 16 kHz": lambda: down(t44),
            "mel, n_fft 400, hop 160": lambda: mels[400](t16),
            "mel, n_fft 2048, hop 512": lambda: mels[2048](t16),
            "pitch shift, 2 semitones": lambda: shift(t22),
        },
    }


def measured(run):
    """Milliseconds of each repetition, for some tenths of a second."""
    times, end = [], time.perf_counter() + ROUND
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return times


def dataset(pool, paths):
    start = time.perf_counter()
    list(pool.map(file_mel, paths, chunksize=4))
    return time.perf_counter() - start


def main():
    peers = work(sys.argv[1])
    with torch.no_grad(), concurrent.futures.ProcessPoolExecutor() as pool:
        print(f"librosa {librosa.__version__}, torchaudio {torchaudio.__version__.split('+')[0]}", flush=True)
        for line in sys.stdin:
            command, *rest = line.split()
            if command == "measure":
                run = peers[rest[0]].get(" ".join(rest[1:]))
                answer = run and measured(run)
            elif command == "dataset":
                answer = dataset(pool, rest)
            else:
                y, _ = librosa.load(line.strip().partition(" ")[2], sr=22050, mono=True)
                answer = {"key": key(y), "tempo": tempo(y)}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
