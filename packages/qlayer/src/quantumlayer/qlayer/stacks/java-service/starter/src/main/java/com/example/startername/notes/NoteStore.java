package com.example.startername.notes;

import com.example.startername.database.Database;
import com.example.startername.database.DatabaseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Keeps notes. */
public final class NoteStore {
    private final Database database;

    /**
     * Keeps them in a database.
     *
     * @param database that has their table
     */
    public NoteStore(Database database) {
        this.database = database;
    }

    /**
     * Keeps a note and gives it its number.
     *
     * @param sent the note
     * @return it as it is kept
     */
    public Note add(NewNote sent) {
        String sql = "insert into notes (text) values (?) returning id";
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, sent.text());
            try (ResultSet kept = statement.executeQuery()) {
                return new Note(kept.getLong(1), sent.text());
            }
        } catch (SQLException error) {
            throw new DatabaseException("A note could not be kept.", error);
        }
    }

    /**
     * Finds a note.
     *
     * @param id its number
     * @return the note, if there is one
     */
    public Optional<Note> find(long id) {
        String sql = "select text from notes where id = ?";
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            try (ResultSet found = statement.executeQuery()) {
                return found.next() ? Optional.of(new Note(id, found.getString(1))) : Optional.empty();
            }
        } catch (SQLException error) {
            throw new DatabaseException("A note could not be read.", error);
        }
    }
}
