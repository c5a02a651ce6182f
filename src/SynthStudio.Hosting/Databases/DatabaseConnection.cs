using Npgsql;
using SynthStudio.Catalog;

namespace SynthStudio.Hosting;

/// <summary>Opens the PostgreSQL database that a setting names, and says what is wrong in the setting's words.</summary>
internal static class DatabaseConnection
{
    /// <exception cref="ServerStartException">The connection string cannot be read.</exception>
    public static PostgresDataSource Open(string connectionString)
    {
        try
        {
            return PostgresDatabase.Open(connectionString);
        }
        catch (ArgumentException e)
        {
            throw new ServerStartException($"SynthStudio:Database:ConnectionString cannot be read. {e.Message}", e);
        }
    }

    public static ServerStartException Explain(NpgsqlException failure) => failure is PostgresException refusal
        ? new ServerStartException($"The database refuses (SynthStudio:Database:ConnectionString): {refusal.MessageText}", failure)
        : new ServerStartException($"The database cannot be reached (SynthStudio:Database:ConnectionString): {failure.Message}", failure);
}
