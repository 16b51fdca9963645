"""A command that only has commands below it."""

from __future__ import annotations

import click

from ssot_lint.cli.console import tell
from ssot_lint.cli.exits import ExitCode


class Group(click.Group):
    """Prints its help, as an error, when called without a command (releases of click differ)."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args:
            tell(ctx.get_help())
            ctx.exit(ExitCode.UNUSABLE)
        return super().parse_args(ctx, args)
