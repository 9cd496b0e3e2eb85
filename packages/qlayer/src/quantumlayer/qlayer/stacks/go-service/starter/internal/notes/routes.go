package notes

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"starter-name/internal/answer"
)

// Routes serves notes over HTTP.
func Routes(mux *http.ServeMux, store Store) {
	mux.HandleFunc("POST /notes", func(w http.ResponseWriter, r *http.Request) {
		add(w, r, store)
	})
	mux.HandleFunc("GET /notes/{id}", func(w http.ResponseWriter, r *http.Request) {
		show(w, r, store)
	})
}

func add(w http.ResponseWriter, r *http.Request, store Store) {
	var sent New
	if err := answer.Read(r, &sent); err != nil {
		answer.Problem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	checked, err := sent.Checked()
	if err != nil {
		answer.Problem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	note, err := store.Add(checked)
	if err != nil {
		answer.Failure(w, err)
		return
	}
	answer.JSON(w, http.StatusCreated, note)
}

func show(w http.ResponseWriter, r *http.Request, store Store) {
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		answer.Problem(w, http.StatusNotFound, "An id is a whole number.")
		return
	}
	switch note, err := store.Find(id); {
	case errors.Is(err, ErrUnknown):
		answer.Problem(w, http.StatusNotFound, fmt.Sprintf("There is no note %d.", id))
	case err != nil:
		answer.Failure(w, err)
	default:
		answer.JSON(w, http.StatusOK, note)
	}
}
