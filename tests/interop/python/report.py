"""Runs checks one by one and prints a line for each, with what went wrong."""

import asyncio
import os
from functools import wraps
from importlib.metadata import version

ORIGIN = os.environ["PRACTICE_URL"]
QUESTION = "Why is the sky blue?"
TEXT = "count to 9"
COUNTED = "1, 2, 3, 4, 5, 6, 7, 8, 9"
# Every model of practice, and how many tokens each reads.
MODELS = {
    "practice-1": 4096,
    "practice-mini": 512,
    "practice-reasoner": 4096,
    "practice-long": 32768,
}


def fault(text):
    """The header by which practice is asked to fail."""
    return {"x-practice-fault": text}


def fault_twice(status=429):
    """The header by which a request fails twice before it succeeds."""
    return fault(f"status={status}, times=2, retry_after=50ms")


class Report:
    """The checks of one SDK."""

    passed = failed = 0

    def __init__(self, package):
        self.title = f"python      {package} {version(package)}"

    def check(self, name, run):
        """A check holds unless it raises."""
        try:
            run()
            problem = None
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        self._line(name, problem)

    def raises(self, name, kind, run, **expected):
        """A check that holds if it raises this error with these attributes."""
        try:
            run()
            problem = "nothing was raised"
        except kind as error:
            found = {name: getattr(error, name) for name in expected}
            exact = type(error) is kind
            problem = None if found == expected and exact else f"{type(error).__name__} {found}"
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        self._line(name, problem)

    def _line(self, name, problem):
        if problem is None:
            Report.passed += 1
        else:
            Report.failed += 1
        result = "ok" if problem is None else f"FAILED: {problem[:300]}"
        print(f"{self.title:<38}{name:<44}{result}", flush=True)


def awaited(run):
    """A coroutine function as a check."""
    return wraps(run)(lambda: asyncio.run(run()))


def same(found, expected):
    """Equal, or an error that shows both."""
    if found != expected:
        raise AssertionError(f"{found!r} is not {expected!r}")
