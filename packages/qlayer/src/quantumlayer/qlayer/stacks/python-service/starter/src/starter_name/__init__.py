"""The service: `application.create_app` puts its parts together."""
