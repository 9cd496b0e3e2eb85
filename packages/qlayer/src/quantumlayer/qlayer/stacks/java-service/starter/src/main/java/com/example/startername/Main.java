package com.example.startername;

import com.example.startername.database.Database;
import com.example.startername.web.Application;
import io.javalin.Javalin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves until it is told to stop. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {
    }

    /**
     * Reads the environment, puts the parts together and serves.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        Settings settings = Settings.of(System.getenv());
        Javalin server = Application.over(Database.open(settings.database()));
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stopping"));
        server.start(settings.host(), settings.port());
        LOG.info("serving on {}:{}", settings.host(), server.port());
    }
}
