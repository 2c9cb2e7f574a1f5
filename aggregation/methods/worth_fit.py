"""The estimate of a model of worths: the most likely log-worths, found by accelerated fixed point and Newton."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from aggregation.errors import StatisticError

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Steps remembered by Anderson acceleration, and its end: log-worths move less than this in a plain step.
DEPTH, NEAR, MOST_STEPS = 8, 1e-7, 30
# Newton's end: no parameter moves more than this. Rounding alone may move flat directions up to `STILL`.
EXACT, STILL, MOST_NEWTON = 1e-13, 1e-6, 60
HALVINGS = 60
# The information is that of the maximum when it was computed no further away than this.
MOVED = 1e-7


class Concave(Protocol):
    """A concave log-likelihood whose first derivative is `observed` minus expected, all of them positive."""

    n_items: int
    size: int
    observed: NDArray[np.float64]

    def evaluate(self, x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """The value and the expected statistics at parameters x, shape (size,); the first n_items are log-worths."""

    def information(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Minus the second derivatives, shape (size, size)."""


class Likelihood(Concave, Protocol):
    """A log-likelihood of ballots in shares of the say."""

    def further(self, x: NDArray[np.float64]) -> dict[str, Any]:
        """What the parameters beyond the log-worths say, by name, in values that JSON can hold."""


class WithPrior:
    """A likelihood with `prior` of the say added: every parameter wins and loses so much against a worth of 1.

    Without a prior the level of all log-worths together is free; `information` then holds it fixed.
    """

    def __init__(self, likelihood: Likelihood, prior: float) -> None:
        self.n_items, self.size = likelihood.n_items, likelihood.size
        self.observed = likelihood.observed + prior
        self._likelihood, self._prior = likelihood, prior

    def evaluate(self, x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """As the likelihood, with the prior."""
        value, expected = self._likelihood.evaluate(x)
        if self._prior:
            value += self._prior * float((x - 2 * np.logaddexp(0, x)).sum())
            expected = expected + 2 * self._prior * _logistic(x)
        return value, expected

    def information(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """As the likelihood, with the prior; never singular."""
        information = self._likelihood.information(x)
        if self._prior:
            information[np.diag_indices(self.size)] += 2 * self._prior * _logistic(x) * _logistic(-x)
        else:
            information[: self.n_items, : self.n_items] += 1 / self.n_items
        return information


def _logistic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.exp(-np.logaddexp(0, -x)))


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Parameters at the maximum, the information there, and how they were found.

    `iterations` counts evaluations of the likelihood; `fallbacks` the accelerated steps that were taken back.
    """

    x: NDArray[np.float64]
    information: NDArray[np.float64]
    iterations: int
    fallbacks: int
    converged: bool


def fit(likelihood: Concave) -> Fit:
    """The maximum of a concave likelihood that has one.

    First the fixed point ``x + log(observed / expected)``, which for the Plackett-Luce model is Hunter's MM
    algorithm and for log-linear models iterative scaling, with Anderson acceleration; a step that lowers the
    likelihood is taken back and the plain one taken instead. Near the maximum, Newton's method to the last digits.

    References
    ----------
    D. R. Hunter, MM algorithms for generalized Bradley-Terry models, Annals of Statistics 32 (2004) 384-406.
    H. F. Walker, P. Ni, Anderson acceleration for fixed-point iterations, SIAM J. Numer. Anal. 49 (2011) 1715-1735.
    """
    search = _Search(likelihood)
    search.accelerate()
    information, converged = search.newton()
    return Fit(search.x, information, search.iterations, search.fallbacks, converged)


class _Search:
    def __init__(self, likelihood: Concave) -> None:
        self.likelihood = likelihood
        self.iterations = self.fallbacks = 0
        self.move_to(np.zeros(likelihood.size))

    def move_to(self, x: NDArray[np.float64]) -> None:
        self.x, (self.value, self.expected) = x, self._look(x)

    def _look(self, x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        self.iterations += 1
        # A step too far may leave the range of floats; it is taken back like any that lowers the likelihood.
        with np.errstate(all="ignore"):
            return self.likelihood.evaluate(x)

    def _rises(self, value: float) -> bool:
        return isfinite(value) and value >= self.value - 1e-13 * abs(self.value)

    def accelerate(self) -> None:
        """Anderson steps until a plain step would move the parameters by less than `NEAR`."""
        past: deque[tuple[NDArray[np.float64], NDArray[np.float64]]] = deque(maxlen=DEPTH + 1)
        while self.iterations < MOST_STEPS:
            with np.errstate(all="ignore"):
                plain = np.log(self.likelihood.observed / self.expected)
            if not np.isfinite(plain).all() or np.abs(plain).max() < NEAR:
                return
            past.append((self.x, plain))
            target = _mixed(past)
            value, expected = self._look(target)
            if not self._rises(value) and len(past) > 1:
                past.clear()
                self.fallbacks += 1
                target = self.x + plain
                value, expected = self._look(target)
            while not self._rises(value) and self.iterations < MOST_STEPS:
                # Worths and ties moved together may step too far; half the way rises for certain.
                target = (self.x + target) / 2
                value, expected = self._look(target)
            if not self._rises(value):
                return
            self.x, self.value, self.expected = target, value, expected

    def newton(self) -> tuple[NDArray[np.float64], bool]:
        """Newton steps to the last digits; the information is kept while the steps shrink fast."""
        information, at = self._information(), self.x
        before, converged = np.inf, False
        for _ in range(MOST_NEWTON):
            step = self._step(information)
            length = float(np.abs(step).max())
            converged = length <= EXACT or (length < STILL and length > before / 4)
            if converged:
                break
            if length > before / 100:
                information, at = self._information(), self.x
                step = self._step(information)
            if not self._go(step):
                break
            before = length
        if np.abs(self.x - at).max() > MOVED:
            information = self._information()
        return information, converged

    def _information(self) -> NDArray[np.float64]:
        with np.errstate(all="ignore"):
            return self.likelihood.information(self.x)

    def _step(self, information: NDArray[np.float64]) -> NDArray[np.float64]:
        try:
            step = np.linalg.solve(information, self.likelihood.observed - self.expected)
        except np.linalg.LinAlgError as flat:
            raise StatisticError("the worths are too far apart to be computed; set `prior` higher") from flat
        return np.asarray(step, dtype=np.float64)

    def _go(self, step: NDArray[np.float64]) -> bool:
        """Takes the step, or as small a part of it as raises the likelihood; False where none does."""
        for _ in range(HALVINGS):
            target = self.x + step
            value, expected = self._look(target)
            if self._rises(value) or np.abs(step).max() < STILL:
                self.x, self.value, self.expected = target, value, expected
                return True
            step = step / 2
        return False


def _mixed(past: deque[tuple[NDArray[np.float64], NDArray[np.float64]]]) -> NDArray[np.float64]:
    """The next point of Anderson's method from the last points and the plain step at each."""
    x, plain = past[-1]
    if len(past) == 1:
        return x + plain
    points, steps = (np.diff(np.array([each[kind] for each in past]), axis=0).T for kind in (0, 1))
    weights = np.linalg.lstsq(steps, plain, rcond=1e-10)[0]
    return np.asarray(x + plain - (points + steps) @ weights)
