from django.apps import AppConfig


class RootConfig(AppConfig):
    """The root that joins the apps; its models are none."""

    name = "mscc"
    label = "mscc"

    def ready(self) -> None:
        from mscc import wiring

        wiring.install()
