/** Each brings the schema from one version to the next; one that has run is never changed. */
export const migrations: readonly string[] = [
  `CREATE TABLE notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    text TEXT NOT NULL
  ) STRICT`,
];
