"""Writes the five folds of the PyTorch baseline (scikit-learn's StratifiedGroupKFold, shuffled, random state 0).

Folds are by recording (a clip's name without its last `__n`) and stratified by instrument. Our own splitter
makes folds too; this file exists so that both frameworks can be compared on exactly the same one.

    python bench/peers/make_folds.py data/irmas_mels/pack.npz experiments/folds/stratified_group_5.json
"""
import json
import re
import sys

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

LABELS = "cel cla flu gac gel org pia sax tru vio voi".split()

pack, out = sys.argv[1:]
names = [str(name) for name in np.load(pack)["name"]]
label = np.array([LABELS.index(name.split("/")[0]) for name in names])
recording = np.array([re.sub(r"__\d+(\.\w+)?$", "", name) for name in names])
splitter = StratifiedGroupKFold(5, shuffle=True, random_state=0)
folds = [sorted(set(recording[test])) for _, test in splitter.split(names, label, recording)]
with open(out, "w") as file:
    json.dump(
        {
            "what": "recordings held out in each fold of the IRMAS training part",
            "made_by": "bench/peers/make_folds.py",
            "folds": folds,
        },
        file,
        indent=0,
        ensure_ascii=False,
    )
    file.write("\n")
