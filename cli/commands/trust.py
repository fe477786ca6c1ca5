"""`auditail trust`: confirm once what the settings of a project ask for."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer


def trust(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The settings file; by default ./services/logging/config.yaml."),
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Confirm without being asked.")] = False,
    revoke: Annotated[bool, typer.Option("--revoke", help="Take a confirmation back.")] = False,
) -> None:
    """Confirm that a project's settings may delete events early or export them.

    Such settings are ignored until they are confirmed once. An edited or moved file has to be confirmed again.
    """
    from cli.narration import narrate
    from cli.problems import FINDINGS, UsageProblem
    from config.loading import project_request
    from config.paths import PROJECT_FILE, state_home
    from config.trust import TrustedFiles

    trusted = TrustedFiles(state_home(os.environ))
    path = (file or PROJECT_FILE).absolute()
    if revoke:
        found = trusted.remove(path.resolve())
        narrate(f"{path} is no longer trusted" if found else f"{path} was not trusted")
        return
    request = project_request(environ=os.environ, file=path)
    if request is None:
        narrate(f"{path} asks for nothing that needs confirming")
        return
    if request.confirmed:
        narrate(f"{path} is already trusted")
        return
    narrate(f"{request.path} asks to {' and to '.join(request.wishes)}")
    if not yes:
        if not sys.stdin.isatty():
            raise UsageProblem("there is no terminal to ask on: add --yes to confirm")
        if not typer.confirm("Trust it?", err=True):
            narrate("nothing was changed")
            raise typer.Exit(FINDINGS)
    trusted.add(request.path, request.digest)
    narrate("trusted from now on; `auditail trust --revoke` takes it back")
