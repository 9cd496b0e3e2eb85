package com.example.startername;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the environment says.
 *
 * @param host     the address that is listened on
 * @param port     the port that is listened on
 * @param database the file that everything is kept in
 */
public record Settings(String host, int port, Path database) {
    /**
     * Reads settings, with what suits a developer's machine where nothing is said.
     *
     * @param environment the variables
     * @return the settings
     * @throws IllegalArgumentException if a value is malformed
     */
    public static Settings of(Map<String, String> environment) {
        return new Settings(
                environment.getOrDefault("HOST", "127.0.0.1"),
                port(environment.getOrDefault("PORT", "8080")),
                Path.of(environment.getOrDefault("DATABASE_PATH", "starter-name.db")));
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("PORT is no number: " + text, malformed);
        }
    }
}
