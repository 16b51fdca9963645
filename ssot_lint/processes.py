"""Processes that share work, where there is enough of it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")

_MOST = 61
"""Processes that Windows can wait for at once."""

_state: Any
"""In a process of the pool: what the functions work with."""


def cores() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Processes(AbstractContextManager["Processes[S]"], Generic[S]):
    """Up to `jobs` processes (1: this one), started when the first work is worth it.

    Each has `state`, as it is when they start: by inheritance where processes are forked, else
    pickled; with `forked`, where they cannot be forked, this process does all the work. What comes
    back is in the order of what was given, whichever process did it. If a process of the pool is
    killed, this one does what is left. `method` is how processes start (None: the best), as in
    `multiprocessing.get_context`.
    """

    def __init__(
        self, state: S, jobs: int, method: str | None = None, *, forked: bool = False
    ) -> None:
        self._state = state
        self._method = method or _best_method()
        self._jobs = 1 if forked and self._method != "fork" else min(jobs, _MOST)
        self._executor: ProcessPoolExecutor | None = None

    def __exit__(self, *_: object) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)

    def map(
        self,
        function: Callable[[S, Sequence[T]], list[R]],
        items: Sequence[T],
        *,
        chunk: int,
        worth: bool = True,
    ) -> Iterator[list[R]]:
        """What `function` (of a module or class) answers to each `chunk` items, with the state.

        `worth` allows other processes.
        """
        chunks = [items[at : at + chunk] for at in range(0, len(items), chunk)]
        futures = self._submitted(function, chunks) if worth and self._jobs > 1 else {}
        for index, each in enumerate(chunks):
            future = futures.pop(index, None)
            result = None if future is None else _result(future)
            yield function(self._state, each) if result is None else result

    def _submitted(
        self, function: Callable[[S, Sequence[T]], list[R]], chunks: Sequence[Sequence[T]]
    ) -> dict[int, Future[list[R]]]:
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context

        try:
            if self._executor is None:
                self._executor = ProcessPoolExecutor(
                    self._jobs,
                    get_context(self._method),
                    initializer=_begin,
                    initargs=(self._state,),
                )
            executor = self._executor
            return {
                index: executor.submit(_call, function, chunk) for index, chunk in enumerate(chunks)
            }
        except (BrokenProcessPool, OSError):  # no processes to be had: no semaphores, no memory
            return {}


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


def _begin(state: Any) -> None:
    """Makes a process of the pool ready."""
    import gc
    import signal
    from multiprocessing import parent_process

    global _state
    _state = state
    gc.disable()  # syntax trees hold no cycles
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


def _call(function: Callable[[Any, Sequence[T]], list[R]], chunk: Sequence[T]) -> list[R]:
    return function(_state, chunk)
