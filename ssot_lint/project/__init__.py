"""Every discovered module by name, its facts on demand, and where its names lead."""

from ssot_lint.project.modules import Found, Modules
from ssot_lint.project.project import Module, Project, absolute, within
from ssot_lint.project.resolver import Binding, DeadEnd, Origin, Resolution

__all__ = [
    "Binding",
    "DeadEnd",
    "Found",
    "Module",
    "Modules",
    "Origin",
    "Project",
    "Resolution",
    "absolute",
    "within",
]
