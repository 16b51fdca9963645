"""Every discovered module by name, its facts on demand, and where its names lead."""

from ssot_lint.project.bindings import Binding
from ssot_lint.project.classes import Ancestry, Class, Classes, Member, MemberFact
from ssot_lint.project.closure import Closure
from ssot_lint.project.inheritance import Inherits
from ssot_lint.project.modules import Found, Modules
from ssot_lint.project.project import Module, Project, absolute, within
from ssot_lint.project.resolution import DeadEnd, Origin, Resolution
from ssot_lint.project.written import Written

__all__ = [
    "Ancestry",
    "Binding",
    "Class",
    "Classes",
    "Closure",
    "DeadEnd",
    "Found",
    "Inherits",
    "Member",
    "MemberFact",
    "Module",
    "Modules",
    "Origin",
    "Project",
    "Resolution",
    "Written",
    "absolute",
    "within",
]
