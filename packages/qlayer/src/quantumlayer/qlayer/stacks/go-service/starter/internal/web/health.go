package web

import (
	"net/http"

	"go.etcd.io/bbolt"

	"starter-name/internal/answer"
)

// routes tell whether the process lives, and whether it can serve.
func routes(mux *http.ServeMux, db *bbolt.DB) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		answer.JSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if err := db.View(func(*bbolt.Tx) error { return nil }); err != nil {
			answer.Problem(w, http.StatusServiceUnavailable, "The database does not answer.")
			return
		}
		answer.JSON(w, http.StatusOK, map[string]string{"status": "ready"})
	})
}
