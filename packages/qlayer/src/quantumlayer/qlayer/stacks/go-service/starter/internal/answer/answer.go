// Package answer writes JSON and reads it strictly.
package answer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"unicode/utf8"
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

// Read decodes a body into document: one JSON value in UTF-8 without unknown fields.
func Read(r *http.Request, document any) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("the body cannot be read: %w", err)
	}
	if !utf8.Valid(body) {
		return errors.New("the body is no UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(document); err != nil {
		return fmt.Errorf("the body is malformed: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the body holds more than one document")
	}
	return nil
}
