"""What the answers of rules depend on."""

from __future__ import annotations

from typing import NamedTuple

from ssot_lint.project import Project
from ssot_lint.reading import Reader


class Seen(NamedTuple):
    """What answers depend on.

    `unreadable` are files that do not parse and were needed, `consulted` those whose facts were,
    `folders` those in which modules were looked for; of inference, `sources` are as it says, and
    whether it was `hurried`.
    """

    unreadable: frozenset[str] = frozenset()
    consulted: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    sources: frozenset[str] | None = None
    hurried: bool = False

    @classmethod
    def of(cls, project: Project, reader: Reader) -> Seen:
        """All that this process has seen so far."""
        inference = project.inference
        return cls(
            project.unreadable,
            frozenset(reader.consulted),
            frozenset(project.modules.folders),
            None if inference is None else frozenset(inference.sources),
            inference is not None and inference.hurried,
        )

    def and_(self, other: Seen) -> Seen:
        """What two processes have seen."""
        sources = self.sources
        if other.sources is not None:
            sources = other.sources | (sources or frozenset())
        return Seen(
            self.unreadable | other.unreadable,
            self.consulted | other.consulted,
            self.folders | other.folders,
            sources,
            self.hurried or other.hurried,
        )

    def beyond(self, other: Seen) -> Seen:
        """The same, without what somebody has seen, too."""
        return self._replace(
            unreadable=self.unreadable - other.unreadable,
            consulted=self.consulted - other.consulted,
            folders=self.folders - other.folders,
        )
