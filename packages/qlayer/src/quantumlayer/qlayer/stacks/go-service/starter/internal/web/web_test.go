package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"starter-name/internal/database"
	"starter-name/internal/web"
)

func opened(t *testing.T, path string) *bbolt.DB {
	t.Helper()
	db, err := database.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func asked(t *testing.T, db *bbolt.DB, method, path, body string) (int, map[string]any) {
	t.Helper()
	answer := httptest.NewRecorder()
	web.Handler(db).ServeHTTP(answer, httptest.NewRequest(method, path, strings.NewReader(body)))
	var document map[string]any
	if err := json.Unmarshal(answer.Body.Bytes(), &document); err != nil {
		t.Fatalf("%s %s answers no JSON: %s", method, path, answer.Body)
	}
	return answer.Code, document
}

func TestItIsReadyWhileItsDatabaseAnswers(t *testing.T) {
	db := opened(t, filepath.Join(t.TempDir(), "notes.db"))
	if status, _ := asked(t, db, "GET", "/readyz", ""); status != http.StatusOK {
		t.Errorf("ready: %d", status)
	}
	db.Close()
	if status, _ := asked(t, db, "GET", "/readyz", ""); status != http.StatusServiceUnavailable {
		t.Errorf("without its database: %d", status)
	}
	if status, _ := asked(t, db, "GET", "/healthz", ""); status != http.StatusOK {
		t.Errorf("live: %d", status)
	}
}

func TestANoteIsKeptBeyondARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.db")
	db := opened(t, path)
	status, _ := asked(t, db, "POST", "/notes", `{"text": "milk"}`)
	if status != http.StatusCreated {
		t.Fatalf("status %d", status)
	}
	db.Close()

	status, note := asked(t, opened(t, path), "GET", "/notes/1", "")

	if status != http.StatusOK || note["text"] != "milk" {
		t.Errorf("status %d, note %v", status, note)
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	db := opened(t, filepath.Join(t.TempDir(), "notes.db"))
	for name, each := range map[string]struct {
		method, path, body string
		status             int
	}{
		"unknown note":  {"GET", "/notes/7", "", http.StatusNotFound},
		"no number":     {"GET", "/notes/seven", "", http.StatusNotFound},
		"unknown path":  {"GET", "/elsewhere", "", http.StatusNotFound},
		"no text":       {"POST", "/notes", `{}`, http.StatusUnprocessableEntity},
		"unknown field": {"POST", "/notes", `{"text": "a", "id": 1}`, http.StatusUnprocessableEntity},
		"two documents": {"POST", "/notes", `{"text": "a"} {}`, http.StatusUnprocessableEntity},
		"no JSON":       {"POST", "/notes", `text`, http.StatusUnprocessableEntity},
		"no UTF-8":      {"POST", "/notes", "{\"text\": \"\xff\"}", http.StatusUnprocessableEntity},
	} {
		t.Run(name, func(t *testing.T) {
			status, problem := asked(t, db, each.method, each.path, each.body)
			if status != each.status || problem["detail"] == "" {
				t.Errorf("status %d, want %d: %v", status, each.status, problem)
			}
		})
	}
}

func TestEveryRouteOfTheContractIsServed(t *testing.T) {
	db := opened(t, filepath.Join(t.TempDir(), "notes.db"))
	_, contract := asked(t, db, "GET", "/openapi.json", "")
	paths, _ := contract["paths"].(map[string]any)
	if len(paths) == 0 {
		t.Fatal("the contract names no path")
	}
	for path, methods := range paths {
		for method := range methods.(map[string]any) {
			_, answer := asked(t, db, strings.ToUpper(method), strings.ReplaceAll(path, "{id}", "7"), "{}")
			if answer["detail"] == "There is no such path." {
				t.Errorf("%s %s is not served", method, path)
			}
		}
	}
}
