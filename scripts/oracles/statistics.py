"""Writes tests/data/oracles/statistics/index.json: tests, intervals and curves of small samples, by SciPy where it has them.

Run from anywhere with Debian's python3-numpy (1.24) and python3-scipy (1.10):
    /usr/bin/python3 scripts/oracles/statistics.py
Signed-rank tests with ties: every sign tried, up to 16 differences; beyond, the product of the polynomials 1 + x^(2 rank) in
whole numbers, which is first checked against both the enumeration and SciPy. Holm: Bonferroni on every subset (closed testing).
Bootstraps: the draws are those of docs/statistics.md by philox.py, of the sample in ascending order; quantiles by NumPy.
"""
import itertools
import warnings
from fractions import Fraction

import numpy as np
from scipy import stats

from philox import Stream
from stored import DATA, figure, save_json

SEED = 20230323


def figures(values):
    return [figure(v) for v in values]


# Distribution functions


def distributions():
    z = [-38, -8.5, -1.96, -0.1, 0, 0.3, 2.5, 7]
    p = [1e-300, 1e-10, 0.025, 0.4, 0.5, 0.975, 0.999999]
    x = [(0, 3), (0.7, 1), (3.84, 1), (12.5, 5), (40, 12), (400, 19), (1.5, 0.5)]
    t = [(-3, 7), (0, 1), (2.36, 7), (12, 2.5), (40, 7)]
    b = [(0, 1, 0.5), (3, 20, 0.5), (9, 20, 0.25), (20, 20, 0.5), (480, 1000, 0.5)]
    return {"normal_cdf": [{"z": v, "p": figure(stats.norm.cdf(v))} for v in z],
            "normal_quantile": [{"p": v, "z": figure(stats.norm.ppf(v))} for v in p],
            "chi_squared_survival": [{"x": v, "degrees": d, "p": figure(stats.chi2.sf(v, d))} for v, d in x],
            "student_t_survival": [{"t": v, "degrees": d, "p": figure(stats.t.sf(v, d))} for v, d in t],
            "binomial_cdf": [{"successes": k, "trials": n, "probability": q, "p": figure(stats.binom.cdf(k, n, q))}
                             for k, n, q in b]}


# Signed-rank tests


def tails_by_enumeration(ranks, positive_sum):
    sums = [sum(Fraction(r) for r, sign in zip(ranks, signs) if sign) for signs in itertools.product((0, 1), repeat=len(ranks))]
    return [Fraction(sum(holds(s) for s in sums), len(sums)) for holds in (lambda s: s <= positive_sum, lambda s: s >= positive_sum)]


def tails_by_polynomials(ranks, positive_sum):
    counts = np.array([1], dtype=object)
    for rank in ranks:
        counts = np.convolve(counts, np.array([1] + [0] * (int(2 * rank) - 1) + [1], dtype=object))
    at = int(2 * positive_sum)
    return [Fraction(int(counts[part].sum()), 2 ** len(ranks)) for part in (slice(0, at + 1), slice(at, None))]


def exact_p(ranks, positive_sum):
    at_most, at_least = tails_by_polynomials(ranks, positive_sum)
    if len(ranks) <= 16 and tails_by_enumeration(ranks, positive_sum) != [at_most, at_least]:
        raise SystemExit("the polynomials disagree with the enumeration")
    return {"two_sided": min(Fraction(1), 2 * min(at_most, at_least)), "greater": at_least, "less": at_most}


def scipy_p(d, method):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {key: stats.wilcoxon(d, alternative=key.replace("_", "-"), method=method).pvalue
                for key in ("two_sided", "greater", "less")}


def signed_rank(d):
    d = np.asarray(d, dtype=float)
    kept = d[d != 0]
    ranks = stats.rankdata(np.abs(kept))
    positive, negative = ranks[kept > 0].sum(), ranks[kept < 0].sum()
    exact = len(kept) <= 50
    p = exact_p(ranks, positive) if exact else scipy_p(d, "approx")
    if exact and len(set(ranks)) == len(d):
        by_scipy = scipy_p(d, "exact")
        if not all(np.isclose(float(p[key]), by_scipy[key], rtol=1e-10) for key in p):
            raise SystemExit("the polynomials disagree with SciPy")
    return {"differences": d.tolist(), "exact": exact, "positive_sum": positive, "negative_sum": negative,
            "rank_biserial": figure((positive - negative) / (positive + negative)), **{key: figure(value) for key, value in p.items()}}


def signed_rank_cases(rng):
    return [
        [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75],  # Wilcoxon 1945
        [0.5], [-2, 0, 0], [1, 2, 3, 4, 5], [1, -1, 1, 1, -1, 1, 1, 1], [3, -3, 0, 2, 2, -2, 1, 5, 5, 5, 0, -1],
        [1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1], np.round(rng.normal(0.4, 1, 14), 1), np.round(rng.normal(0, 1, 16), 0),
        np.round(rng.normal(0.3, 1, 25), 3), np.round(rng.normal(0.3, 1, 50), 4), np.round(rng.normal(0.3, 1, 50), 1),
        np.concatenate([np.round(rng.normal(-0.5, 1, 49), 4), np.zeros(20)]), np.round(rng.normal(0.2, 1, 51), 4),
        np.round(rng.normal(0.2, 1, 90), 0), np.round(rng.normal(-0.2, 1, 120), 1)]


# Families, proportions, rankings


def holm_by_closed_testing(p):
    def adjusted(i):
        others = [j for j in range(len(p)) if j != i]
        subsets = itertools.chain.from_iterable(itertools.combinations(others, size) for size in range(len(p)))
        return max(min(1.0, (len(s) + 1) * min(p[j] for j in (i, *s))) for s in subsets)
    return [adjusted(i) for i in range(len(p))]


def holm_cases():
    families = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.2, 0.2, 0.2], [1e-9, 0.9, 0.0, 1.0, 0.02, 0.02], [0.012, 0.013, 0.014, 0.2, 0.011]]
    return [{"p": p, "adjusted": figures(holm_by_closed_testing(p))} for p in families]


def wilson_cases():
    counts = [(0, 1, 0.95), (0, 20, 0.95), (1, 29, 0.95), (15, 148, 0.95), (81, 263, 0.95), (20, 20, 0.95), (7, 10, 0.9), (499, 1000, 0.99)]
    cases = []
    for k, n, confidence in counts:
        interval = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
        cases.append({"successes": k, "trials": n, "confidence": confidence, "lower": figure(max(interval.low, 0)),
                      "upper": figure(min(interval.high, 1))})
    return cases


def mcnemar_cases():
    return [{"only_first": b, "only_second": c, "p": figure(stats.binomtest(b, b + c).pvalue)}
            for b, c in ((1, 0), (0, 6), (3, 12), (12, 3), (5, 5), (40, 61), (400, 610))]


def kendall_tau_cases(rng):
    pairs = [([1, 2], [4, 3]), ([1, 2, 3, 4, 5], [3, 1, 2, 5, 4]), ([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]), ([1, 1, 2], [1, 2, 2])]
    for n in (13, 32, 33):
        base = np.arange(n)
        pairs.append((base, np.argsort(base + rng.normal(0, n / 3, n))))
    pairs.append((np.arange(20), np.arange(20)[::-1]))
    pairs.append((rng.permutation(34), rng.permutation(34)))
    pairs.append((rng.integers(0, 4, 30), rng.integers(0, 6, 30)))
    pairs.append((np.round(rng.normal(0, 1, 60), 1), np.round(rng.normal(0, 1, 60), 3)))
    cases = []
    for a, b in pairs:
        result = stats.kendalltau(a, b)
        untied = len(set(np.array(a).tolist())) == len(a) and len(set(np.array(b).tolist())) == len(b)
        cases.append({"a": np.array(a, float).tolist(), "b": np.array(b, float).tolist(), "tau": figure(result.statistic),
                      "p": figure(result.pvalue), "exact": untied and len(a) <= 33})
    return cases


def ranked(blocks):
    return np.array([stats.rankdata(row) for row in blocks])


def friedman_cases(rng):
    tables = [rng.normal(0, 1, (2, 3)), rng.normal(0, 1, (12, 6)) + 0.3 * np.arange(6), rng.integers(0, 3, (9, 4)).astype(float),
              np.tile([1.0, 2, 2, 5, 9], (7, 1)), rng.normal(0, 1, (40, 13)) + 0.1 * np.arange(13)]
    cases = []
    for blocks in tables:
        blocks = np.round(blocks, 3)
        chi_squared, p = stats.friedmanchisquare(*blocks.T)
        n, k = blocks.shape
        cases.append({"columns": k, "values": blocks.ravel().tolist(), "chi_squared": figure(chi_squared), "p": figure(p),
                      "kendall_w": figure(chi_squared / (n * (k - 1)))})
    return cases


def rank_interval_cases(rng):
    cases = []
    for n, k, shift, alpha in ((30, 6, 0.5, 0.05), (60, 5, 0.2, 0.05), (40, 4, 0.15, 0.2), (4, 3, 5, 0.05)):
        table = np.round(rng.normal(0, 1, (n, k)) + shift * rng.permutation(k), 5)
        pairs = list(itertools.combinations(range(k), 2))
        method = "exact" if n <= 50 else "approx"
        adjusted = holm_by_closed_testing([scipy_p(table[:, a] - table[:, b], method)["two_sided"] for a, b in pairs])
        best, worst = np.ones(k, int), np.full(k, k)
        for (a, b), p in zip(pairs, adjusted):
            if p <= alpha:
                difference = table[:, a] - table[:, b]
                above, below = (a, b) if (np.sign(difference) * stats.rankdata(np.abs(difference))).sum() > 0 else (b, a)
                best[below] += 1
                worst[above] -= 1
        cases.append({"columns": k, "values": table.ravel().tolist(), "alpha": alpha, "best": best.tolist(), "worst": worst.tolist()})
    return cases


# Bootstraps


def draws(n, resamples, seed):
    """[resamples, n] indices of units."""
    bits = Stream(seed, "bootstrap").bits(0, resamples * n)
    return ((bits * np.uint64(n)) >> np.uint64(32)).astype(np.int64).reshape(resamples, n)


def percentile(values, confidence):
    return figures(np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2]))


def bca(x, resampled_means, confidence):
    """Efron 1987, with the jackknife's acceleration computed as such, one value left out at a time."""
    left_out = np.array([np.delete(x, i).mean() for i in range(len(x))])
    d = left_out.mean() - left_out
    a = (d ** 3).sum() / (6 * (d ** 2).sum() ** 1.5)
    shift = resampled_means - x.mean()
    equal = np.abs(shift) <= 1e-12 * np.abs(x - x.mean()).max()
    z0 = stats.norm.ppf(((shift < 0) & ~equal).mean() + equal.mean() / 2)
    z = z0 + stats.norm.ppf([(1 - confidence) / 2, (1 + confidence) / 2])
    return figures(np.quantile(resampled_means, stats.norm.cdf(z0 + z / (1 - a * z))))


def bootstrap_cases(rng):
    samples = [(rng.normal(2, 1, 20), 999, 0.95, 0), (rng.exponential(1, 15), 2000, 0.9, 7), (rng.lognormal(0, 1, 30), 10000, 0.95, 3),
               (rng.integers(0, 3, 12), 2000, 0.95, 5), (np.array([1, 4]), 500, 0.8, 1)]
    cases = []
    for sample, resamples, confidence, seed in samples:
        x = np.sort(np.round(sample.astype(float), 3))
        resampled = x[draws(len(x), resamples, seed)]
        cases.append({"sample": rng.permutation(x).tolist(), "resamples": resamples, "confidence": confidence, "seed": seed,
                      "mean": figure(x.mean()), "median": figure(np.median(x)),
                      "mean_interval": percentile(resampled.mean(1), confidence),
                      "median_interval": percentile(np.median(resampled, 1), confidence),
                      "bca_interval": bca(x, resampled.mean(1), confidence)})
    return cases


def scipy_bca(rng):
    """SciPy's own resampling, many times over: what ours tends to."""
    x = np.round(rng.exponential(1, 40), 3)
    result = stats.bootstrap((x,), np.mean, n_resamples=400000, batch=10000, confidence_level=0.95, method="BCa", axis=-1,
                             random_state=np.random.Generator(np.random.PCG64(SEED)))
    return {"sample": x.tolist(), "interval": figures(result.confidence_interval), "standard_error": figure(result.standard_error)}


def bands_cases(rng):
    cases = []
    for n, k, resamples, confidence, seed in ((12, 3, 1000, 0.9, 2), (30, 6, 2000, 0.95, 11), (5, 2, 1000, 0.9, 4)):
        table = np.round(rng.normal(0, 1, (n, 1)) + rng.exponential(1, (n, k)) * (1 + np.arange(k)), 3)
        if k == 6:
            table[:, 4] = 0.1
        table = table[np.lexsort(table.T[::-1])]
        varies = np.ptp(table, axis=0) > 0
        mean, error = table.mean(0), table.std(0, ddof=1) / np.sqrt(n)
        resampled = table[:, varies][draws(n, resamples, seed)]
        shift, spread = np.abs(resampled.mean(1) - mean[varies]), resampled.std(1, ddof=1) / np.sqrt(n)
        one_value = np.ptp(resampled, axis=1) == 0
        t = np.where(one_value, np.inf, shift / np.where(one_value, 1, spread))
        critical = np.quantile(t.max(1), confidence, method="linear")
        half = np.where(varies, critical * error, 0)
        cases.append({"columns": k, "values": rng.permutation(table).ravel().tolist(), "resamples": resamples, "confidence": confidence,
                      "seed": seed, "mean": figures(mean), "lower": figures(mean - half), "upper": figures(mean + half)})
    return cases


def concordance_case(rng):
    n, k, resamples, seed = 14, 5, 1000, 9
    table = np.round(rng.normal(0, 1, (n, k)) + 0.5 * np.arange(k), 1)
    ranks = np.array(sorted(ranked(table).tolist()))
    ties = np.array([sum(t ** 3 - t for t in np.unique(row, return_counts=True)[1]) for row in ranks])
    drawn = draws(n, resamples, seed)

    def concordance(rows):
        sums = ranks[rows].sum(0)
        return 12 * ((sums - n * (k + 1) / 2) ** 2).sum() / (n * n * (k ** 3 - k) - n * ties[rows].sum())

    return {"columns": k, "values": table.ravel().tolist(), "resamples": resamples, "seed": seed, "kendall_w": figure(concordance(np.arange(n))),
            "interval": percentile([concordance(rows) for rows in drawn], 0.95)}


# Separation


def area(positives, negatives):
    return np.mean([(p > negatives).mean() + (p == negatives).mean() / 2 for p in positives])


def delong(positives, negatives):
    """DeLong, DeLong and Clarke-Pearson 1988: 95 % for independent cases."""
    def share(a, b):
        return (a > b) + (a == b) / 2
    of_positives = np.array([share(p, negatives).mean() for p in positives])
    of_negatives = np.array([share(positives, q).mean() for q in negatives])
    error = np.sqrt(of_positives.var(ddof=1) / len(positives) + of_negatives.var(ddof=1) / len(negatives))
    return figures(of_positives.mean() + np.array([-1, 1]) * stats.norm.ppf(0.975) * error)


def roc_case(positives, negatives, rate):
    thresholds = np.unique(np.concatenate([positives, negatives]))[::-1]
    allowed = [t for t in np.unique(negatives) if (negatives > t).mean() <= rate]
    return {"positives": positives.tolist(), "negatives": negatives.tolist(), "thresholds": thresholds.tolist(),
            "false_positive_rates": figures((negatives > t).mean() for t in thresholds),
            "true_positive_rates": figures((positives > t).mean() for t in thresholds), "area": figure(area(positives, negatives)),
            "rate": rate, "threshold": allowed[0]}


def roc_cases(rng):
    return [roc_case(np.array([3.0, 4, 5]), np.array([0.0, 1, 2]), 0.05),
            roc_case(np.round(rng.normal(1, 1, 15), 2), np.round(rng.normal(0, 1, 40), 2), 0.05),
            roc_case(rng.integers(0, 5, 20).astype(float), rng.integers(0, 4, 20).astype(float), 0.1)]


def area_case(rng):
    """Units with one positive and two negatives each, alike among themselves."""
    units, resamples, seed = 16, 1000, 6
    common = rng.normal(0, 1, units)
    cases = [(round(common[u] + rng.normal(0.8 * positive, 0.7), 1), bool(positive), 10 * u + 3) for u in range(units) for positive in (1, 0, 0)]
    scores = np.array([[c[0] for c in cases[3 * u:3 * u + 3]] for u in range(units)])
    areas = [area(scores[rows, 0], scores[rows, 1:].ravel()) for rows in draws(units, resamples, seed)]
    return {"scores": [c[0] for c in cases], "positive": [c[1] for c in cases], "unit": [c[2] for c in cases], "resamples": resamples,
            "seed": seed, "area": figure(area(scores[:, 0], scores[:, 1:].ravel())), "interval": percentile(areas, 0.95)}


def independent_case(rng):
    positives, negatives = np.round(rng.normal(1, 1, 80), 3), np.round(rng.normal(0, 1, 120), 3)
    return {"positives": positives.tolist(), "negatives": negatives.tolist(), "delong": delong(positives, negatives)}


def main():
    rng = np.random.Generator(np.random.PCG64(SEED))
    save_json(DATA / "statistics" / "index.json", {
        "distributions": distributions(), "signed_rank": [signed_rank(d) for d in signed_rank_cases(rng)], "holm": holm_cases(),
        "wilson": wilson_cases(), "mcnemar": mcnemar_cases(), "kendall_tau": kendall_tau_cases(rng), "friedman": friedman_cases(rng),
        "rank_intervals": rank_interval_cases(rng), "bootstrap": bootstrap_cases(rng), "scipy_bca": scipy_bca(rng),
        "bands": bands_cases(rng), "concordance": concordance_case(rng), "roc": roc_cases(rng), "area": area_case(rng),
        "independent": independent_case(rng)})


if __name__ == "__main__":
    main()
