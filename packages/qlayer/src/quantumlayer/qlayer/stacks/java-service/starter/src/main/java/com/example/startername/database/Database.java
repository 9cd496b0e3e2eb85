package com.example.startername.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/** Everything in one file of SQLite's, which several processes may have at once. */
public final class Database {
    private static final int PATIENCE_MILLISECONDS = 5_000;

    private final SQLiteDataSource source;

    private Database(SQLiteDataSource source) {
        this.source = source;
    }

    /**
     * Opens a database, makes it where there is none, and brings its tables up to date.
     *
     * @param file where it is kept
     * @return the database
     * @throws DatabaseException if that cannot be done
     */
    public static Database open(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.NORMAL);
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(PATIENCE_MILLISECONDS);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            migrate(source);
        } catch (IOException | SQLException error) {
            throw new DatabaseException("The database " + file + " cannot be opened.", error);
        }
        return new Database(source);
    }

    /**
     * A connection for one piece of work, to be closed after it.
     *
     * @return the connection
     * @throws SQLException if the file cannot be opened
     */
    public Connection connect() throws SQLException {
        return source.getConnection();
    }

    /**
     * Whether it answers.
     *
     * @return true if it does
     */
    public boolean answers() {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            return statement.execute("select count(*) from sqlite_schema");
        } catch (SQLException error) {
            return false;
        }
    }

    private static void migrate(SQLiteDataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("create table if not exists migration (number integer primary key)");
            int number = applied(statement);
            for (Optional<String> next = migration(++number); next.isPresent(); next = migration(++number)) {
                statement.executeUpdate(next.get());
                markAsApplied(connection, number);
            }
            connection.commit();
        }
    }

    private static void markAsApplied(Connection connection, int number) throws SQLException {
        try (PreparedStatement mark = connection.prepareStatement("insert into migration (number) values (?)")) {
            mark.setInt(1, number);
            mark.executeUpdate();
        }
    }

    private static int applied(Statement statement) throws SQLException {
        try (ResultSet found = statement.executeQuery("select coalesce(max(number), 0) from migration")) {
            return found.getInt(1);
        }
    }

    private static Optional<String> migration(int number) {
        String name = String.format("/migrations/%04d.sql", number);
        try (InputStream stream = Database.class.getResourceAsStream(name)) {
            return stream == null
                    ? Optional.empty()
                    : Optional.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
