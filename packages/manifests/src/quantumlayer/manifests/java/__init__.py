"""Java: Maven's poms, Gradle's build files."""
