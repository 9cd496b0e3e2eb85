"""Small services that are sound as delivered, one a language, and what breaks each of them.

All keep notes in a file below /data, want a secret, tell of their health, and end when asked to.
"""

from dataclasses import dataclass
from pathlib import Path

PYTHON = {
    "Dockerfile": """\
FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 DATA_FOLDER=/data PORT=8000
WORKDIR /app
RUN mkdir /data && chown 10001:10001 /data
COPY service.py ./
USER 10001:10001
EXPOSE 8000
CMD ["python", "service.py"]
""",
    "service.py": """\
import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SECRET = os.environ["SESSION_SECRET"]
FOLDER = Path(os.environ["DATA_FOLDER"]) / "notes"
FOLDER.mkdir(exist_ok=True)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        note = FOLDER / self.path.rpartition("/")[2]
        if self.path == "/healthz":
            self.answer(200, {"status": "ok"})
        elif self.path.startswith("/notes/") and note.is_file():
            self.answer(200, {"text": note.read_text()})
        else:
            self.answer(404, {"detail": "not found"})

    def do_POST(self):
        document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        number = len(list(FOLDER.iterdir())) + 1
        (FOLDER / str(number)).write_text(document["text"])
        self.answer(201, {"id": number})

    def answer(self, status, document, kind="application/json"):
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


server = ThreadingHTTPServer(("0.0.0.0", int(os.environ["PORT"])), Handler)
stop = lambda *_: threading.Thread(target=server.shutdown).start()
signal.signal(signal.SIGTERM, stop)
server.serve_forever(0.05)
""",
}

NODE = {
    "Dockerfile": """\
FROM node:20-slim AS build
WORKDIR /app
COPY package.json service.js ./
RUN mkdir dist && cp service.js dist/service.js

FROM node:20-slim
ENV NODE_ENV=production DATA_FOLDER=/data PORT=3000
WORKDIR /app
RUN mkdir /data && chown -R node:node /data
COPY package.json ./
COPY --from=build /app/dist dist
USER node
EXPOSE 3000
CMD ["node", "dist/service.js"]
""",
    "package.json": '{"name": "notes", "version": "1.0.0", "type": "module"}\n',
    "service.js": """\
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const secret = process.env.SESSION_SECRET;
if (!secret) {
  throw new Error('SESSION_SECRET is not set');
}
const folder = `${process.env.DATA_FOLDER}/notes`;
mkdirSync(folder, { recursive: true });

function answer(response, status, document, kind = 'application/json') {
  response.writeHead(status, { 'Content-Type': kind });
  response.end(JSON.stringify(document));
}

const server = createServer((request, response) => {
  const note = `${folder}/${request.url.split('/').pop()}`;
  if (request.method === 'POST') {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      const id = readdirSync(folder).length + 1;
      writeFileSync(`${folder}/${id}`, JSON.parse(text).text);
      answer(response, 201, { id });
    });
  } else if (request.url === '/healthz') {
    answer(response, 200, { status: 'ok' });
  } else if (request.url.startsWith('/notes/') && existsSync(note)) {
    answer(response, 200, { text: readFileSync(note, 'utf8') });
  } else {
    answer(response, 404, { detail: 'not found' });
  }
});
server.listen(Number(process.env.PORT), '0.0.0.0');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
""",
}

GO = {
    "Dockerfile": """\
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -o /out/service . && mkdir /out/data

FROM gcr.io/distroless/static-debian12:nonroot
ENV DATA_FOLDER=/data PORT=8080
COPY --from=build /out/service /service
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/service"]
""",
    "go.mod": "module example.test/notes\n\ngo 1.21\n",
    "main.go": """\
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

var folder = filepath.Join(os.Getenv("DATA_FOLDER"), "notes")

func answer(w http.ResponseWriter, status int, document any, kind string) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(document)
}

func notes(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		var document struct{ Text string }
		json.NewDecoder(r.Body).Decode(&document)
		entries, _ := os.ReadDir(folder)
		id := len(entries) + 1
		os.WriteFile(filepath.Join(folder, fmt.Sprint(id)), []byte(document.Text), 0o600)
		answer(w, 201, map[string]int{"id": id}, "application/json")
		return
	}
	content, err := os.ReadFile(filepath.Join(folder, filepath.Base(r.URL.Path)))
	if err != nil || !strings.HasPrefix(r.URL.Path, "/notes/") {
		answer(w, 404, "not found", "application/json")
		return
	}
	answer(w, 200, map[string]string{"text": string(content)}, "application/json")
}

func main() {
	if os.Getenv("SESSION_SECRET") == "" {
		log.Fatal("error: SESSION_SECRET is not set")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		log.Fatal("error: ", err)
	}
	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) {
		answer(w, 200, "ok", "application/json")
	})
	http.HandleFunc("/", notes)
	server := &http.Server{Addr: "0.0.0.0:" + os.Getenv("PORT")}
	stop, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	go func() { <-stop.Done(); server.Shutdown(context.Background()) }()
	log.Print(server.ListenAndServe())
}
""",
}

SOUND = {"python": PYTHON, "node": NODE, "go": GO}
SOURCE = {"python": "service.py", "node": "service.js", "go": "main.go"}


@dataclass(frozen=True)
class Break:
    """What is changed in a sound service: texts that stand in it once, and what they become."""

    changes: tuple[tuple[str, str], ...]
    file: str = ""


NO_HEALTH = "no health route"
WRONG_PORT = "wrong port"
LOOPBACK = "bound to loopback"
READ_ONLY = "writes into a read-only root"
NOT_BUILT = "not built"
CRASH = "crash at start"
SECRET = "secret not read"
LOST = "data lost at restart"
DEAF = "does not stop"
FALLBACK = "health answered by a fallback"

BROKEN: dict[str, dict[str, Break]] = {
    "python": {
        NO_HEALTH: Break((('"/healthz"', '"/health"'),)),
        WRONG_PORT: Break((('int(os.environ["PORT"])', "8001"),)),
        LOOPBACK: Break((('"0.0.0.0"', '"127.0.0.1"'),)),
        READ_ONLY: Break((('os.environ["DATA_FOLDER"]', '"."'),)),
        NOT_BUILT: Break((("COPY service.py ./\n", ""),), "Dockerfile"),
        CRASH: Break((("server = Threading", "limits = {}['limits']\nserver = Threading"),)),
        SECRET: Break((('"SESSION_SECRET"', '"SECRET_KEY"'),)),
        LOST: Break((('os.environ["DATA_FOLDER"]', '"/tmp"'),)),
        DEAF: Break((("signal.signal(signal.SIGTERM, stop)\n", ""),)),
        FALLBACK: Break((
            ('"/healthz"', '"/status"'),
            ('self.answer(404, {"detail": "not found"})',
             'self.answer(200, "<div id=root></div>", "text/html")'),
        )),
    },
    "node": {
        NO_HEALTH: Break((("'/healthz'", "'/health'"),)),
        WRONG_PORT: Break((("Number(process.env.PORT)", "3001"),)),
        LOOPBACK: Break((("'0.0.0.0'", "'localhost'"),)),
        READ_ONLY: Break((("`${process.env.DATA_FOLDER}/notes`", "'data/notes'"),)),
        NOT_BUILT: Break((("COPY --from=build /app/dist dist\n", ""),), "Dockerfile"),
        CRASH: Break((("server.listen(", "server.settings.apply();\nserver.listen("),)),
        SECRET: Break((("process.env.SESSION_SECRET", "process.env.COOKIE_SECRET"),
                       ("'SESSION_SECRET is not set'", "'COOKIE_SECRET is not set'"))),
        LOST: Break((("`${process.env.DATA_FOLDER}/", "`/tmp/"),)),
        DEAF: Break((("process.on('SIGTERM'", "process.on('SIGINT'"),)),
        FALLBACK: Break((
            ("'/healthz'", "'/status'"),
            ("answer(response, 404, { detail: 'not found' })",
             "answer(response, 200, '<div id=root></div>', 'text/html')"),
        )),
    },
    "go": {
        NO_HEALTH: Break((('"/healthz"', '"/health"'),)),
        WRONG_PORT: Break((('os.Getenv("PORT")', '"8081"'),)),
        LOOPBACK: Break((('"0.0.0.0:"', '"127.0.0.1:"'),)),
        READ_ONLY: Break((('os.Getenv("DATA_FOLDER")', '"/var"'),)),
        NOT_BUILT: Break((("-o /out/service .", "-o /out/server ."),), "Dockerfile"),
        CRASH: Break((("	server := ", '	panic("no limits are set up")\n	server := '),)),
        SECRET: Break((('os.Getenv("SESSION_SECRET")', 'os.Getenv("SESSION_KEY")'),
                       ('"error: SESSION_SECRET is not set"',
                        '"error: SESSION_KEY is not set"'))),
        LOST: Break((('os.Getenv("DATA_FOLDER")', '"/tmp"'),)),
        DEAF: Break((("syscall.SIGTERM)", "syscall.SIGHUP)"),
                     ("	go func()", "	signal.Ignore(syscall.SIGTERM)\n	go func()"))),
        FALLBACK: Break((
            ('"/healthz"', '"/status"'),
            ('answer(w, 404, "not found", "application/json")',
             'answer(w, 200, "<div id=root></div>", "text/html")'),
        )),
    },
}  # fmt: skip


def write_service(folder: Path, language: str, kind: str = "") -> Path:
    """A service of a language in a folder: the sound one, or its twin that is broken in a way."""
    files = dict(SOUND[language])
    if kind:
        change = BROKEN[language][kind]
        name = change.file or SOURCE[language]
        for before, after in change.changes:
            assert files[name].count(before) == 1, before
            files[name] = files[name].replace(before, after)
    for name, content in files.items():
        (folder / name).write_text(content)
    return folder
