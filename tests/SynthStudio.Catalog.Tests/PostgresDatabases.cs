using Npgsql;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Catalog.Tests;

/// <summary>Migrated databases on this process's server: the schema is made once, and copied.</summary>
internal static class PostgresDatabases
{
    private static readonly Lazy<Task<string>> Template = new(() => Task.Run(MakeTemplateAsync));

    /// <summary>A database with the newest schema, and nothing in it.</summary>
    public static async Task<string> CreateAsync() => await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(await Template.Value);

    private static async Task<string> MakeTemplateAsync()
    {
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using (var database = PostgresDatabase.Open(connection + ";Pooling=false")) await new PostgresMigrator(database).ApplyAsync();
        return new NpgsqlConnectionStringBuilder(connection).Database!;
    }
}
