package com.example.startername.database;

/** The database failed in a way that no caller can mend. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what was being done.
     *
     * @param message a sentence
     * @param cause   what the database says
     */
    public DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }
}
