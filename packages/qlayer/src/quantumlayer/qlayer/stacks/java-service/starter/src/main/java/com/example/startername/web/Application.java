package com.example.startername.web;

import com.example.startername.database.Database;
import com.example.startername.notes.NoteRoutes;
import com.example.startername.notes.NoteStore;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.json.JavalinJackson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of all domains together. */
public final class Application {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);
    private static final long LARGEST_BODY = 1 << 20;
    private static final String TOLD = "told";

    private Application() {
    }

    /**
     * A server that is not started yet.
     *
     * @param database where everything is kept
     * @return the server
     */
    public static Javalin over(Database database) {
        byte[] contract = contract();
        return Javalin.create(config -> {
            configure(config);
            Health.route(config.routes, database);
            new NoteRoutes(new NoteStore(database)).route(config.routes);
            config.routes.get("/openapi.json",
                    ctx -> ctx.contentType(ContentType.APPLICATION_JSON).result(contract));
        });
    }

    private static void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.http.maxRequestSize = LARGEST_BODY;
        config.jsonMapper(new JavalinJackson(Bodies.mapper(), false));
        config.routes.exception(Problem.class,
                (problem, ctx) -> tell(ctx.status(problem.status()), problem.getMessage()));
        config.routes.exception(Exception.class, (error, ctx) -> {
            LOG.error("{} {} failed", ctx.method(), ctx.path(), error);
            tell(ctx.status(500), "The service failed.");
        });
        config.routes.error(404, ctx -> {
            if (!ctx.attributeMap().containsKey(TOLD)) {
                tell(ctx, "There is no such path.");
            }
        });
    }

    private static void tell(Context ctx, String detail) {
        ctx.attribute(TOLD, true);
        ctx.json(Map.of("detail", detail));
    }

    private static byte[] contract() {
        try (InputStream stream = Application.class.getResourceAsStream("/openapi.json")) {
            return stream.readAllBytes();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
