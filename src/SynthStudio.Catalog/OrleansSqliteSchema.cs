namespace SynthStudio.Catalog;

/// <summary>
/// The tables and statements of Orleans' ADO.NET providers in a SQLite file: grain storage and reminders. It is a file of its own,
/// beside the catalog: SQLite lets one connection write to a file at a time and holds its lock while the disk synchronises, so grains
/// and catalog would wait for each other.
/// </summary>
/// <remarks>Give the providers <see cref="Invariant"/> and, as their <c>DataSource</c>, a <see cref="SqliteDataSource"/>: its connections wait for each other.</remarks>
public static class OrleansSqliteSchema
{
    /// <summary>How Orleans calls SQLite; Microsoft.Data.Sqlite is what it then loads.</summary>
    public const string Invariant = "System.Data.SQLite";

    private const int ApplicationId = 0x53594E4F; // "SYNO"

    internal static SqliteMigrator Migrator { get; } = new(ApplicationId, SqliteMigrator.LoadScripts("Migrations/OrleansSqlite/"));

    /// <summary>Creates the file or brings it to the newest schema; cheap when it has that already.</summary>
    /// <exception cref="CatalogSchemaException">The file is not of this kind, or a newer program wrote it.</exception>
    public static void Apply(string connectionString) => Migrator.Apply(connectionString);
}
