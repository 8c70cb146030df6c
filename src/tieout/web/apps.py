"""The Django application of the pages."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class WebConfig(AppConfig):
    """Pages, sign-in and the groups that say who may see what."""

    name = "tieout.web"
    label = "web"
    verbose_name = "Tieout pages"

    def ready(self) -> None:
        """Keep the four groups as declared, after every migration."""
        from tieout.web.roles import keep_groups

        # The signal is sent for applications that have models, and the permissions are about the store's.
        post_migrate.connect(keep_groups, sender=apps.get_app_config("store"))
