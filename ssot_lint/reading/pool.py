"""Processes that share the work of reading, where there is enough of it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TypeVar

from ssot_lint.reading.work import Parsed, Sifted, Work

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

T = TypeVar("T")
R = TypeVar("R")

_MOST = 61
"""Processes that Windows can wait for at once."""

_work: Work
"""In a process of the pool: how it works."""


def cores() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pool(AbstractContextManager["Pool"]):
    """Up to `jobs` processes (1: this one), started when the first work is worth it.

    What comes back is in the order of what was given, whichever process did it. If a process of
    the pool is killed, this one does what is left. `method` is how processes start (None: the
    best), as in `multiprocessing.get_context`.
    """

    def __init__(self, work: Work, jobs: int, method: str | None = None) -> None:
        self._work = work
        self._method = method
        self._jobs = min(jobs, _MOST)
        self._executor: ProcessPoolExecutor | None = None

    def __exit__(self, *_: object) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)

    def sift(
        self, tasks: Sequence[tuple[str, int]], chunk: int, worth: bool
    ) -> Iterator[list[Sifted]]:
        """The answers to `Work.sift`, chunk by chunk; `worth` allows other processes."""
        return self._map(Work.sift, _sift, _chunks(tasks, chunk), worth)

    def parse(
        self, tasks: Sequence[tuple[str, int]], chunk: int, worth: bool
    ) -> Iterator[list[Parsed]]:
        """The answers to `Work.parse`, as in `sift`."""
        return self._map(Work.parse, _parse, _chunks(tasks, chunk), worth)

    def _map(
        self,
        here: Callable[[Work, Sequence[T]], list[R]],
        there: Callable[[Sequence[T]], list[R]],
        chunks: Sequence[Sequence[T]],
        worth: bool,
    ) -> Iterator[list[R]]:
        futures = self._submitted(there, chunks) if worth and self._jobs > 1 else {}
        for index, chunk in enumerate(chunks):
            future = futures.pop(index, None)
            result = None if future is None else _result(future)
            yield here(self._work, chunk) if result is None else result

    def _submitted(
        self, task: Callable[[Sequence[T]], list[R]], chunks: Sequence[Sequence[T]]
    ) -> dict[int, Future[list[R]]]:
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context

        try:
            if self._executor is None:
                self._executor = ProcessPoolExecutor(
                    self._jobs,
                    get_context(self._method or _best_method()),
                    initializer=_begin,
                    initargs=(self._work,),
                )
            executor = self._executor
            return {index: executor.submit(task, chunk) for index, chunk in enumerate(chunks)}
        except (BrokenProcessPool, OSError):  # no processes to be had: no semaphores, no memory
            return {}


def _chunks(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


def _result(future: Future[list[R]]) -> list[R] | None:
    """What a process has done; None if it is gone."""
    from concurrent.futures.process import BrokenProcessPool

    try:
        return future.result()
    except BrokenProcessPool:
        return None


def _best_method() -> str:
    """Fork where that is safe, because it takes a third of the time that other methods take.

    It is not on macOS, whose libraries start threads, nor in a process with threads of its own.
    """
    safe = sys.platform.startswith("linux") and threading.active_count() == 1
    return "fork" if safe else "spawn"


def _begin(work: Work) -> None:
    """Makes a process of the pool ready."""
    import gc
    import signal
    from multiprocessing import parent_process

    global _work
    _work = work
    gc.disable()  # as in `Reader.read`
    # An interrupt is for the process that waits; the others end with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """Ends this process when the one that started it is gone, killed or not."""
    from multiprocessing.connection import wait

    wait([sentinel])
    os._exit(1)


def _sift(tasks: Sequence[tuple[str, int]]) -> list[Sifted]:
    return _work.sift(tasks)


def _parse(tasks: Sequence[tuple[str, int]]) -> list[Parsed]:
    return _work.parse(tasks)
