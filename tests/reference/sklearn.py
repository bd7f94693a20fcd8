#!/usr/bin/python3
"""Reference numbers from scikit-learn (Debian's python3-sklearn 1.2.1).

  sklearn.py > sklearn.txt          makes them
  sklearn.py --check sklearn.txt    makes them again and compares; says `skipped: …` where there is no scikit-learn

Inputs are not stored: the cases below and in metrics.cpp are the same, bit for bit. A line is a name and its numbers.
"""
import os
import sys
import warnings

# Python would look for the module beside this file, which has its name.
sys.path = [path for path in sys.path if os.path.realpath(path or ".") != os.path.dirname(os.path.realpath(__file__))]
try:
    import numpy as np
    import sklearn
    from sklearn import metrics
    from sklearn.calibration import calibration_curve
except ImportError as trouble:
    print(f"skipped: reference/regenerate_metrics: {sys.executable} has no scikit-learn ({trouble}); "
          "install python3-sklearn")
    sys.exit(0)

warnings.simplefilter("ignore")  # of classes that are absent: what is made of them is what is asked here
results = {}
seen = {"ties": 0, "absent classes": 0, "one class only": 0, "all classes": 0, "samples of several classes": 0}


def words(seed, count):
    """`count` words of 32 bits, by an integer hash of seed and place: as in pytorch.py."""
    mask = np.uint64(0xFFFFFFFF)
    x = (np.arange(count, dtype=np.uint64) + np.uint64(seed * 0x10001)) & mask
    x = ((x ^ (x >> np.uint64(16))) * np.uint64(0x7FEB352D)) & mask
    x = ((x ^ (x >> np.uint64(15))) * np.uint64(0x846CA68B)) & mask
    return (x ^ (x >> np.uint64(16))).astype(np.int64)


def keep(name, values):
    results[name] = [float(value) for value in np.ravel(values)]


def case(number):
    """Labels (N) of the first few of K classes, and probabilities (N, K) that lean to them: whole numbers divided by
    their sum. They are below 2, 5 or 2²⁰, hence tied in most cases, and 0 in many."""
    draw = words(1000 + number, 4)
    N, K, steps = 1 + draw[0] % 80, 2 + draw[1] % 6, (2, 5, 1 << 20)[draw[2] % 3]
    labels = words(2000 + number, N) % (1 + draw[3] % K)
    weights = words(3000 + number, N * K).reshape(N, K) % steps
    weights[np.arange(N), labels] += words(4000 + number, N) % steps
    weights[weights.sum(axis=1) == 0, 0] = 1
    return labels, weights / weights.sum(axis=1, keepdims=True)


def several(number):
    """Rows (N, K) of 0 and 1, and scores (N, K) that lean to them and that float holds exactly."""
    draw = words(5000 + number, 4)
    N, K, steps = 1 + draw[0] % 60, 1 + draw[1] % 5, (2, 8, 1 << 20)[draw[2] % 3]
    rows = (words(6000 + number, N * K) % (2 + draw[3] % 5) == 0).astype(int).reshape(N, K)
    return rows, (words(7000 + number, N * K) % steps).reshape(N, K) / steps + rows * 0.25


def of_classes(name, rows, scores, with_curves):
    """ROC-AUC where it is defined, and average precision; and the curves that they are the areas of."""
    support = rows.sum(axis=0)
    area = np.array([metrics.roc_auc_score(rows[:, k], scores[:, k]) if 0 < support[k] < len(rows) else np.nan
                     for k in range(rows.shape[1])])
    defined = ~np.isnan(area)
    keep(f"{name}.roc_auc", area)
    if defined.any():
        one_column = defined.sum() == 1
        for average in ("macro", "weighted"):
            mean = metrics.roc_auc_score(rows[:, defined], scores[:, defined], average=None if one_column else average)
            keep(f"{name}.roc_auc_{average}", mean)
    keep(f"{name}.average_precision",
         [metrics.average_precision_score(rows[:, k], scores[:, k]) for k in range(rows.shape[1])])
    if rows.shape[1] > 1:
        for average in ("macro", "weighted"):
            keep(f"{name}.average_precision_{average}", metrics.average_precision_score(rows, scores, average=average))
    for k in range(rows.shape[1] if with_curves else 0):
        fpr, tpr, thresholds = metrics.roc_curve(rows[:, k], scores[:, k])
        # The first threshold is the highest score + 1 or, from version 1.3 on, infinite.
        for part, values in {"fpr": fpr, "tpr": tpr, "thresholds": thresholds[1:]}.items():
            keep(f"{name}.roc_{k}.{part}", values)
        precision, recall, thresholds = metrics.precision_recall_curve(rows[:, k], scores[:, k])
        for part, values in {"precision": precision, "recall": recall, "thresholds": thresholds}.items():
            keep(f"{name}.pr_{k}.{part}", values)


def decided(name, rows, scores):
    """Several labels at once, each decided by itself."""
    decisions = (scores > 0.5).astype(int)
    for average in (None, "micro", "macro", "weighted", "samples"):
        table = metrics.precision_recall_fscore_support(rows, decisions, average=average, zero_division=0)
        keep(f"{name}.{average or 'each'}", table[:3])
    keep(f"{name}.right", [1 - metrics.hamming_loss(rows, decisions), metrics.accuracy_score(rows, decisions)])


def binned(name, came_true, probabilities, bins):
    """The bins that are not empty, and the expected and the largest error of Guo et al. 2017."""
    accuracy, confidence = calibration_curve(came_true, probabilities, n_bins=bins, pos_label=1)
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], probabilities), minlength=bins)
    errors = np.abs(accuracy - confidence)
    keep(f"{name}.counts", counts)
    keep(f"{name}.accuracy", accuracy)
    keep(f"{name}.confidence", confidence)
    keep(f"{name}.errors", [(errors * counts[counts > 0]).sum() / counts.sum(), errors.max()])


def of_labels(name, labels, probabilities, with_curves):
    N, K = probabilities.shape
    classes = np.arange(K)
    rows = (labels[:, None] == classes).astype(int)
    predicted = probabilities.argmax(axis=1)
    table = metrics.precision_recall_fscore_support(labels, predicted, labels=classes, zero_division=0)
    for part, values in zip(("precision", "recall", "f1", "support"), table):
        keep(f"{name}.{part}", values)
    specificity = [metrics.recall_score(labels != k, predicted != k, zero_division=0) for k in classes]
    keep(f"{name}.specificity", specificity)
    keep(f"{name}.specificity_means", [np.mean(specificity), np.average(specificity, weights=rows.sum(axis=0))])
    keep(f"{name}.accuracy", metrics.accuracy_score(labels, predicted))
    keep(f"{name}.balanced_accuracy", metrics.balanced_accuracy_score(labels, predicted))
    keep(f"{name}.kappa", [metrics.cohen_kappa_score(labels, predicted, labels=classes, weights=weights)
                           for weights in (None, "linear", "quadratic")])
    keep(f"{name}.matthews", metrics.matthews_corrcoef(labels, predicted))
    keep(f"{name}.log_loss", metrics.log_loss(labels, probabilities, labels=classes))
    keep(f"{name}.brier", sum(metrics.brier_score_loss(rows[:, k], probabilities[:, k], pos_label=1) for k in classes))
    if K > 2:
        # Classes in reverse: among equal scores scikit-learn lets the higher class go first, lamina the lower.
        keep(f"{name}.top_k", [metrics.top_k_accuracy_score(K - 1 - labels, probabilities[:, ::-1], k=k, labels=classes)
                               for k in range(1, K + 1)])
    of_classes(name, rows, probabilities, with_curves)
    binned(f"{name}.calibration", (predicted == labels).astype(int), probabilities.max(axis=1), 15)
    for k in classes[:2]:
        binned(f"{name}.calibration_{k}", rows[:, k], probabilities[:, k], 10)
    seen["ties"] += any(len(np.unique(column)) < N for column in probabilities.T)
    seen["absent classes"] += (rows.sum(axis=0) == 0).any()
    seen["one class only"] += len(np.unique(labels)) == 1
    seen["all classes"] += len(np.unique(labels)) == K


def read(path):
    with open(path, encoding="ascii") as file:
        return {line.split()[0]: [float(word) for word in line.split()[1:]] for line in file if line[0] != "#"}


def main():
    for number in range(60):
        of_labels(f"case_{number}", *case(number), number < 16)
    for number in range(30):
        rows, scores = several(number)
        of_classes(f"several_{number}", rows, scores, number < 10)
        if rows.shape[1] > 1:  # one column is taken for two classes there
            decided(f"decided_{number}", rows, scores / 1.25)
        seen["samples of several classes"] += (rows.sum(axis=1) > 1).any()
    if sys.argv[1:2] == ["--check"]:
        stored, worst = read(sys.argv[2]), 0.0
        if stored.keys() != results.keys():
            sys.exit(f"other names: {sorted(stored.keys() ^ results.keys())}")
        for name, values in results.items():
            if len(values) != len(stored[name]) or not np.array_equal(np.isnan(values), np.isnan(stored[name])):
                sys.exit(f"{name}: {stored[name]} is stored, {values} was made")
            worst = max([worst, *np.nan_to_num(np.abs(np.subtract(values, stored[name])))])
        print(f"{len(results)} names, {sum(map(len, results.values()))} numbers, largest difference {worst:.1e}; "
              + ", ".join(f"{count} cases with {what}" for what, count in seen.items()))
        sys.exit(0 if worst < 1e-12 else "the stored numbers are not what scikit-learn gives here")
    print(f"# Made by sklearn.py with scikit-learn {sklearn.__version__}")
    for name, values in results.items():
        print(name, *(f"{value:.16g}" for value in values))


main()
