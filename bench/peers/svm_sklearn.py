"""The peer's side of bench/svm.ts: scikit-learn's support vector machines, a label after the other on one core.

    python svm_sklearn.py FOLDER

Reads x.npy and y.npy (class numbers) in FOLDER, prints its name, then answers each line of its input in JSON:

    rbf C       {seconds, support, intercepts}: SVC
    linear C    {seconds, weights, intercepts}: LinearSVC in primal form
"""
import json
import sys
import time

import numpy as np
import sklearn
from sklearn.svm import SVC, LinearSVC


def main():
    x, y = (np.load(f"{sys.argv[1]}/{name}.npy") for name in ("x", "y"))
    labels = np.unique(y)
    print(f"scikit-learn {sklearn.__version__}", flush=True)
    for line in sys.stdin:
        kernel, C = line.split()
        new = {"rbf": lambda: SVC(C=float(C)), "linear": lambda: LinearSVC(C=float(C), dual=False)}[kernel]
        start = time.perf_counter()
        models = [new().fit(x, y == label) for label in labels]
        answer = {"seconds": time.perf_counter() - start, "intercepts": [float(m.intercept_[0]) for m in models]}
        if kernel == "rbf":
            answer["support"] = [int(m.n_support_.sum()) for m in models]
        else:
            answer["weights"] = [m.coef_[0].tolist() for m in models]
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
