"""Running code safely: sandbox, environments, language runners, reports, coverage."""
