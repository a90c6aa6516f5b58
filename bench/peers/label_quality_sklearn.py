"""The peer's side of bench/label_quality.ts: scikit-learn's logistic regression, fold by fold.

    python label_quality_sklearn.py FOLDER

Reads x.npy, y.npy and fold.npy in FOLDER, prints its name, then answers each line of its input in JSON:

    fit DTYPE JOBS C TOLERANCE     {seconds, objectives}: of all folds; JOBS folds at a time, each on one core if several
"""
import json
import sys
import time

import numpy as np
import sklearn
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler


def judge(x, y, held, C, tolerance):
    """The model of the other rows, and what it says of the held ones."""
    scaler = StandardScaler().fit(x[~held])
    model = LogisticRegression(C=C, tol=tolerance, max_iter=3000).fit(scaler.transform(x[~held]), y[~held])
    return scaler, model, model.predict_proba(scaler.transform(x[held]))


def objective(x, y, C, scaler, model):
    """Mean loss and penalty, in doubles."""
    z = scaler.transform(x.astype(np.float64)) @ model.coef_.T.astype(np.float64) + model.intercept_
    z -= z.max(axis=1, keepdims=True)
    loss = np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]
    return float(loss.mean() + (model.coef_.astype(np.float64) ** 2).sum() / (2 * C * len(y)))


def main():
    x, y, fold = (np.load(f"{sys.argv[1]}/{name}.npy") for name in ("x", "y", "fold"))
    y = y.astype(int)
    inputs = {"float64": x, "float32": x.astype(np.float32)}
    helds = [fold == k for k in np.unique(fold)]
    print(f"scikit-learn {sklearn.__version__}", flush=True)
    for line in sys.stdin:
        _, dtype, jobs, C, tolerance = line.split()
        data, C = inputs[dtype], float(C)
        start = time.perf_counter()
        work = [delayed(judge)(data, y, held, C, float(tolerance)) for held in helds]
        models = Parallel(n_jobs=int(jobs))(work)
        seconds = time.perf_counter() - start
        objectives = [
            objective(data[~held], y[~held], C, scaler, model) for held, (scaler, model, _) in zip(helds, models)
        ]
        print(json.dumps({"seconds": seconds, "objectives": objectives}), flush=True)


if __name__ == "__main__":
    main()
