"""One process of Tieout: its configuration, its database, its web server, its workers, and the supervisor over them.

Only this package reads the environment, starts processes and knows Django's settings.
"""
