// Package web puts the routes of all domains together.
package web

import (
	_ "embed"
	"net/http"

	"go.etcd.io/bbolt"

	"starter-name/internal/answer"
	"starter-name/internal/notes"
)

//go:embed openapi.json
var contract []byte

// largestBody is what a request may send, in bytes.
const largestBody = 1 << 20

// Handler answers every request.
func Handler(db *bbolt.DB) http.Handler {
	mux := http.NewServeMux()
	routes(mux, db)
	notes.Routes(mux, notes.Store{DB: db})
	mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(contract)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		answer.Problem(w, http.StatusNotFound, "There is no such path.")
	})
	return http.MaxBytesHandler(mux, largestBody)
}
