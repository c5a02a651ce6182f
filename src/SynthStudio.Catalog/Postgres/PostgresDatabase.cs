using Npgsql;

namespace SynthStudio.Catalog;

/// <summary>How the service connects to its PostgreSQL database: one pool a process, for the catalog, the grains and the cluster's membership.</summary>
public static class PostgresDatabase
{
    /// <summary>The schema that everything of the service's lives in.</summary>
    public const string Schema = "synthstudio";

    /// <summary>How Orleans calls PostgreSQL.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>The pool. The connection string may hold whatever Npgsql knows, certificates included; the schema is set here.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public static NpgsqlDataSource Open(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            SearchPath = Schema,
            Timezone = "UTC", // Orleans sends times that do not say their zone.
        };
        settings.ApplicationName ??= "synthstudio";
        return NpgsqlDataSource.Create(settings);
    }
}
