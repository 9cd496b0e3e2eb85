package com.example.startername;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The health check of an image that holds no other program: it ends with 0 where all is well. */
public final class Probe {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private Probe() {
    }

    /**
     * Asks an address once.
     *
     * @param arguments the address
     * @throws IOException          if nothing answers
     * @throws InterruptedException if it is told to stop meanwhile
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0])).timeout(PATIENCE).build();
        int status = HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
        System.exit(status == 200 ? 0 : 1);
    }
}
