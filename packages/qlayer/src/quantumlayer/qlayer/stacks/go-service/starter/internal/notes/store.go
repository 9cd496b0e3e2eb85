package notes

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

var bucket = []byte("notes")

// ErrUnknown says that there is no such note.
var ErrUnknown = errors.New("there is no such note")

// Store keeps notes.
type Store struct {
	DB *bbolt.DB
}

// Add keeps a note and gives it its id.
func (s Store) Add(n New) (Note, error) {
	note := Note{Text: n.Text}
	err := s.DB.Update(func(tx *bbolt.Tx) error {
		kept, err := tx.CreateBucketIfNotExists(bucket)
		if err != nil {
			return err
		}
		if note.ID, err = kept.NextSequence(); err != nil {
			return err
		}
		document, err := json.Marshal(note)
		if err != nil {
			return err
		}
		return kept.Put(key(note.ID), document)
	})
	if err != nil {
		return Note{}, fmt.Errorf("keep a note: %w", err)
	}
	return note, nil
}

// Find gives a note back, or ErrUnknown.
func (s Store) Find(id uint64) (Note, error) {
	var note Note
	err := s.DB.View(func(tx *bbolt.Tx) error {
		kept := tx.Bucket(bucket)
		if kept == nil {
			return ErrUnknown
		}
		document := kept.Get(key(id))
		if document == nil {
			return ErrUnknown
		}
		return json.Unmarshal(document, &note)
	})
	if err != nil {
		return Note{}, fmt.Errorf("find note %d: %w", id, err)
	}
	return note, nil
}

// key sorts as its number does.
func key(id uint64) []byte {
	return binary.BigEndian.AppendUint64(nil, id)
}
