"""Run one Python command with the servers of this checkout: `./dev manage`, `./dev bench`.

It joins those of a `./dev run` that is going on, and starts them for itself otherwise.
"""

import os
import sys

from mscc.runtime import assets
from mscc.runtime.places import ROOT, Trouble, python_environment
from mscc.runtime.run import Demo
from mscc.runtime.servers import Checkout, start_servers
from mscc.runtime.supervisor import Stopped, Supervisor

# After these, `./dev run` looks at the tables and the demo again.
CHANGES_DATA = {"migrate", "flush", "demo"}


def main(arguments: list[str]) -> int:
    """The exit code of `python <arguments>`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mscc.settings.development")
    assets.build()
    argv = [sys.executable, *arguments]
    checkout = Checkout()
    if CHANGES_DATA.intersection(arguments[:2]):
        (checkout.folder / Demo.MARK).unlink(missing_ok=True)
    if not checkout.take():
        os.execve(argv[0], argv, python_environment(checkout.told()))
    with Supervisor() as supervisor:
        urls = start_servers(supervisor, checkout.folder)
        checkout.tell(urls)
        return supervisor.run("manage", argv, python_environment(urls), output="plain").code


if __name__ == "__main__":
    os.chdir(ROOT)
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(str(trouble))
    except Stopped:
        sys.exit(130)
