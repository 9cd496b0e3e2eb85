"""The foundation: settings, database and tenancy, objects, events, identity, runs."""
