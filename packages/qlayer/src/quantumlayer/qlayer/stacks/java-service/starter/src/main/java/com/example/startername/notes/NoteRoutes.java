package com.example.startername.notes;

import com.example.startername.web.Bodies;
import com.example.startername.web.Problem;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** Notes over HTTP. */
public final class NoteRoutes {
    private final NoteStore store;

    /**
     * Serves the notes of a store.
     *
     * @param store that keeps them
     */
    public NoteRoutes(NoteStore store) {
        this.store = store;
    }

    /**
     * Adds the routes.
     *
     * @param routes what they are added to
     */
    public void route(RoutesConfig routes) {
        routes.post("/notes", this::add);
        routes.get("/notes/{id}", this::show);
    }

    private void add(Context ctx) {
        ctx.status(201).json(store.add(Bodies.read(ctx, NewNote.class)));
    }

    private void show(Context ctx) {
        long id = number(ctx.pathParam("id"));
        ctx.json(store.find(id).orElseThrow(() -> Problem.unknown("There is no note " + id + ".")));
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException malformed) {
            throw Problem.unknown("An id is a whole number.");
        }
    }
}
