from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "mscc.demo"
    label = "demo"
