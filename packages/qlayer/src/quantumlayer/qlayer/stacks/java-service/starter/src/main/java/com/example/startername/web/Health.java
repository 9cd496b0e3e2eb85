package com.example.startername.web;

import com.example.startername.database.Database;
import io.javalin.config.RoutesConfig;
import java.util.Map;

/** Tells whether the process lives, and whether it can serve. */
final class Health {
    private Health() {
    }

    static void route(RoutesConfig routes, Database database) {
        routes.get("/healthz", ctx -> ctx.json(Map.of("status", "ok")));
        routes.get("/readyz", ctx -> {
            if (!database.answers()) {
                throw Problem.unavailable("The database does not answer.");
            }
            ctx.json(Map.of("status", "ready"));
        });
    }
}
