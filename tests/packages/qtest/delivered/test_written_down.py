"""Requests are taken from a project's own texts, whatever they are written in."""

import pytest

from quantumlayer.manifests import FilesInMemory
from quantumlayer.qtest.delivered.written_down import bodies_in, drafts_in, posted_to, read_in

WRITTEN = {
    "test/app.test.js": "await fetch(`${base}/api/notes`, { method: 'POST', "
                        "body: JSON.stringify({ title: 'Milk', done: false }) });",
    "test/app.test.ts": "await app.inject({ method: 'POST', url: '/api/notes', "
                        "payload: { title: 'Milk', done: false, }, });",
    "tests/test_notes.py": "client.post('/api/notes', json={'title': 'Milk', 'done': False})",
    "main_test.go": 'http.NewRequest("POST", "/api/notes", '
                    'strings.NewReader(`{"title": "Milk", "done": false}`))',
    "src/test/java/NotesTest.java": 'mvc.perform(post("/api/notes").content('
                                    '"{\\"title\\": \\"Milk\\", \\"done\\": false}"))',
    "tests/notes.rs": '.uri("/api/notes").method("POST")'
                      '.body(json!({"title": "Milk", "done": false}))',
    "README.md": "curl -X POST http://localhost:3000/api/notes "
                 "-d '{\"title\": \"Milk\", \"done\": false}'",
}  # fmt: skip


@pytest.mark.parametrize("path", WRITTEN)
def test_what_is_posted_is_tried_where_it_is_posted(path: str) -> None:
    # given
    files = FilesInMemory({path: WRITTEN[path].encode()})
    # when
    first = next(drafts_in(files))
    # then
    assert first.sent.path == "/api/notes"
    assert first.sent.content == '{"title": "' + first.word + '", "done": false}'


def test_a_route_below_a_prefix_is_put_together() -> None:
    text = "app.use('/api/notes', router);\nrouter.post('/', add);\nrouter.post('/many', all);"
    assert {"/api/notes", "/api/notes/many"} <= set(posted_to(text))


def test_fields_that_sources_take_make_a_document_where_none_is_written() -> None:
    # given
    text = "app.post('/notes', (request, reply) => { const { title, text } = request.body; });"
    # when
    first = next(drafts_in(FilesInMemory({"src/app.js": text.encode()})))
    # then
    assert (first.sent.path, set(first.sent.content.split('"')) >= {"title", "text"}) == (
        "/notes", True)  # fmt: skip


@pytest.mark.parametrize(
    "text", ["{ return x; }", "{ title: maker() }", "{ 'day': '2030-01-01' }", "{ count: 3 }", "{}"]
)
def test_what_is_no_document_with_words_of_somebody_is_left_out(text: str) -> None:
    assert bodies_in([text]) == []


def test_files_of_a_project_are_no_routes() -> None:
    files = FilesInMemory({"src/app.js": b"app.get('/notes'); import '/lib/app.js'; f('/a.html');"})
    assert [one.path for one in read_in(files)] == ["/notes"]
