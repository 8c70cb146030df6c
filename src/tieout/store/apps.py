"""The Django application of the store."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Tables of the engine; the label is the prefix of their names."""

    name = "tieout.store"
    label = "store"
    verbose_name = "Tieout"
    default_auto_field = "django.db.models.BigAutoField"
