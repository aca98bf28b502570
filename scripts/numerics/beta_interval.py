"""Makes the coefficients of the macro beta_interval_width, and says how far the result is from the truth.

The width of the equal-tailed 90 % interval of Beta(a, b), divided by the standard deviation, is a smooth function of
1/min(a, b) and min(a, b)/max(a, b), both between 0 and 1 where neither parameter is under 1: Cornish and Fisher's
expansion of a quantile is one in such terms (Abramowitz and Stegun, 26.2.49 and 26.5.22). A polynomial in the two,
fitted to widths found by bisection of the regularised incomplete beta function, is plain arithmetic in SQL.

    python scripts/numerics/beta_interval.py
"""

from __future__ import annotations

import math

import numpy as np

DEGREES = (6, 5)
_TAIL = 0.05
_TINY = 1e-300


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function, by its continued fraction (modified Lentz; A & S 26.5.8)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    c, d, fraction = 1.0, 0.0, 1.0
    for i in range(20_000):
        m = i // 2
        if i == 0:
            term = 1.0
        elif i % 2 == 0:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / (1 + term * d or _TINY)
        c = 1 + term / c or _TINY
        fraction *= c * d
        if abs(1 - c * d) < 1e-15:
            break
    return front * (fraction - 1)


def quantile(a: float, b: float, probability: float) -> float:
    """Quantile of the beta distribution, by bisection."""
    low, high = 0.0, 1.0
    while high - low > 1e-15 * high and high > 1e-18:
        middle = (low + high) / 2
        if incomplete_beta(a, b, middle) < probability:
            low = middle
        else:
            high = middle
        if middle in (low, high) and high - low < 1e-16:
            break
    return (low + high) / 2


def width(a: float, b: float) -> float:
    """Width of the equal-tailed 90 % interval."""
    return quantile(a, b, 1 - _TAIL) - quantile(a, b, _TAIL)


def deviation(a: float, b: float) -> float:
    """Standard deviation of the beta distribution."""
    return math.sqrt(a * b / (a + b) ** 2 / (a + b + 1))


def fit(nodes: int = 24) -> np.ndarray:
    """Coefficients by power of 1/a (rows) and of a/b (columns)."""
    grid = (1 - np.cos(np.pi * (np.arange(nodes) + 0.5) / nodes)) / 2
    pairs = [(t, r) for t in grid if t > 5e-5 for r in grid]
    powers = [[t**i * r**j for i in range(DEGREES[0] + 1) for j in range(DEGREES[1] + 1)] for t, r in pairs]
    ratios = [width(1 / t, 1 / t / r) / deviation(1 / t, 1 / t / r) for t, r in pairs]
    # What counts is the error of the width, not that of the ratio.
    weights = np.array([deviation(1 / t, 1 / t / r) for t, r in pairs])
    found = np.linalg.lstsq(np.array(powers) * weights[:, None], np.array(ratios) * weights, rcond=None)[0]
    return found.reshape(DEGREES[0] + 1, DEGREES[1] + 1)


def approximated(coefficients: np.ndarray, a: float, b: float) -> float:
    """What the macro computes."""
    small, large = min(a, b), max(a, b)
    ratio = sum(
        coefficients[i][j] / small**i * (small / large) ** j
        for i in range(DEGREES[0] + 1)
        for j in range(DEGREES[1] + 1)
    )
    return float(ratio * deviation(a, b))


def main() -> None:
    """Print the coefficients and the largest error over a fine grid of evidence."""
    coefficients = fit()
    for row in coefficients:
        print("    [" + ", ".join(f"'{value:.10f}'" for value in row) + "],")
    coefficients = np.array([[float(f"{value:.10f}") for value in row] for row in coefficients])
    worst = 0.0, 0, 0.0
    for count in [*range(41), 50, 75, 100, 150, 250, 500, 1_000, 2_500, 5_000, 10_000]:
        for step in range(33):
            a = 1 + count * step / 64
            error = abs(approximated(coefficients, a, 2 + count - a) - width(a, 2 + count - a))
            worst = max(worst, (error, count, a - 1))
    print(f"largest error {worst[0]:.1e}, at {worst[1]} pieces of evidence with a sum of scores of {worst[2]}")


if __name__ == "__main__":
    main()
