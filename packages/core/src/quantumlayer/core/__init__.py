"""The foundation: settings, ids, errors, database sessions and tenancy, object store, events, identity, runs."""
