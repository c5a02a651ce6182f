namespace SynthStudio.Catalog;

/// <summary>The catalog's tables in a SQLite file.</summary>
public static class CatalogSchema
{
    internal const int ApplicationId = 0x53594E43; // "SYNC"

    internal static SqliteMigrator Migrator { get; } = new(ApplicationId, SqliteMigrator.LoadScripts("Migrations/Sqlite/"));

    /// <summary>Creates the file or brings it to the newest schema; cheap when it has that already.</summary>
    /// <exception cref="CatalogSchemaException">The file is not a catalog, or a newer program wrote it.</exception>
    public static void Apply(string connectionString) => Migrator.Apply(connectionString);
}
