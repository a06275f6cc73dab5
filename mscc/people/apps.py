from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "mscc.people"
    label = "people"
    verbose_name = "People"
