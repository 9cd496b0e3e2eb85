package com.example.startername;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.startername.database.Database;
import com.example.startername.web.Application;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplicationTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private Javalin server;

    @BeforeEach
    void start() {
        server = Application.over(Database.open(folder.resolve("data/notes.db"))).start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void itIsReadyWhileItsDatabaseAnswers() throws IOException, InterruptedException {
        assertEquals(200, ask("GET", "/readyz", "").statusCode());

        Files.delete(folder.resolve("data/notes.db"));
        Files.createDirectory(folder.resolve("data/notes.db"));

        assertEquals(503, ask("GET", "/readyz", "").statusCode());
        assertEquals(200, ask("GET", "/healthz", "").statusCode());
    }

    @Test
    void aNoteIsKeptBeyondARestart() throws IOException, InterruptedException {
        HttpResponse<String> kept = ask("POST", "/notes", "{\"text\": \" milk \"}");
        assertEquals(201, kept.statusCode(), kept.body());
        stop();
        start();

        HttpResponse<String> found = ask("GET", "/notes/" + JSON.readTree(kept.body()).get("id"), "");

        assertEquals(200, found.statusCode());
        assertEquals("milk", JSON.readTree(found.body()).get("text").asText());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "GET  | /notes/7     | ``                        | 404",
        "GET  | /notes/seven | ``                        | 404",
        "GET  | /elsewhere   | ``                        | 404",
        "POST | /notes       | {}                        | 422",
        "POST | /notes       | null                      | 422",
        "POST | /notes       | {\"text\": 7}             | 422",
        "POST | /notes       | {\"text\": \"a\", \"id\": 1} | 422",
        "POST | /notes       | {\"text\": \"a\"} {}      | 422",
        "POST | /notes       | text                      | 422",
    })
    void whatIsWrongIsSaid(String method, String path, String body, int status)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = ask(method, path, body);

        assertEquals(status, answer.statusCode(), answer.body());
        assertFalse(JSON.readTree(answer.body()).get("detail").asText().isEmpty());
    }

    @Test
    void everyRouteOfTheContractIsServed() throws IOException, InterruptedException {
        JsonNode paths = JSON.readTree(ask("GET", "/openapi.json", "").body()).get("paths");
        assertTrue(paths.size() > 0);
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                String answer = ask(method.getKey().toUpperCase(), path.getKey().replace("{id}", "7"), "{}").body();
                assertNotEquals("There is no such path.", JSON.readTree(answer).path("detail").asText());
            }
        }
    }

    private HttpResponse<String> ask(String method, String path, String body)
            throws IOException, InterruptedException {
        URI place = URI.create("http://127.0.0.1:" + server.port() + path);
        HttpRequest request = HttpRequest.newBuilder(place).method(method, BodyPublishers.ofString(body)).build();
        return client.send(request, BodyHandlers.ofString());
    }
}
