from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo: made-up people, an inbox on this machine, and a clock that can be moved."""

    name = "mscc.demo"
    label = "demo"

    def ready(self) -> None:
        from mscc import clock
        from mscc.demo import shift

        clock.set_shift(shift.current)
