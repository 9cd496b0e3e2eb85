"""The engine's nouns and pure steps: requirements, blueprint, source tree, quality report, capsule."""
