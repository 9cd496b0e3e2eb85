// Package answer writes JSON and reads it strictly.
package answer

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
)

// JSON writes a document.
func JSON(w http.ResponseWriter, status int, document any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(document); err != nil {
		slog.Warn("an answer was not sent", "error", err)
	}
}

// Problem says in a sentence what is wrong.
func Problem(w http.ResponseWriter, status int, detail string) {
	JSON(w, status, map[string]string{"detail": detail})
}

// Failure hides from the client what went wrong here, and logs it.
func Failure(w http.ResponseWriter, err error) {
	slog.Error("a request failed", "error", err)
	Problem(w, http.StatusInternalServerError, "The service failed.")
}

// Read decodes a body into document: one JSON value without unknown fields.
func Read(r *http.Request, document any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(document); err != nil {
		return fmt.Errorf("the body is malformed: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the body holds more than one document")
	}
	return nil
}
