"""The packager: everything known of the run → capsule."""
