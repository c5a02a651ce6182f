using Npgsql;

namespace SynthStudio.Catalog;

/// <summary>How the service connects to its PostgreSQL database: one pool a process, for the catalog, the grains and the cluster's membership.</summary>
public static class PostgresDatabase
{
    /// <summary>The schema that everything of the service's lives in.</summary>
    public const string Schema = "synthstudio";

    /// <summary>How Orleans calls PostgreSQL.</summary>
    public const string Invariant = "Npgsql";

    private const string Prepares = "Max Auto Prepare";

    private const string GssEncryption = "GSS Encryption Mode";

    /// <summary>More than the statements there are: each is read and planned once a connection.</summary>
    private const int Statements = 200;

    /// <summary>
    /// The pool. The connection string may hold whatever Npgsql knows, certificates included; the schema is set here.
    /// Statements are prepared unless it says <c>Max Auto Prepare=0</c>, for a pooler between that does not know how.
    /// Kerberos does not encrypt unless it asks for that by <c>GSS Encryption Mode</c>: Npgsql would try by itself, and fail
    /// where its library is not installed, as in the images.
    /// </summary>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public static PostgresDataSource Open(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            SearchPath = Schema,
            Timezone = "UTC", // Orleans sends times that do not say their zone.
            NoResetOnClose = true, // Whoever takes a connection leaves nothing behind on it but ended transactions: seven statements less at each use.
        };
        settings.ApplicationName ??= "synthstudio";
        if (!settings.ShouldSerialize(Prepares)) settings.MaxAutoPrepare = Statements;
        if (!settings.ShouldSerialize(GssEncryption)) settings.GssEncryptionMode = GssEncryptionMode.Disable;
        return new PostgresDataSource(NpgsqlDataSource.Create(settings));
    }
}
