using Microsoft.Data.Sqlite;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Catalog.Tests;

/// <summary>
/// From every earlier version, with a row in every table, the real scripts go forward: no row is lost, and the schema is that of a new
/// database.
/// </summary>
[TestClass]
public sealed class ForwardMigrationTests
{
    /// <summary>Tables whose rows a later script moves or counts anew on purpose; tests of their own tell how.</summary>
    private static readonly string[] Rewritten = ["accelerator_leases", "schema_migrations"];

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    [TestMethod]
    public void Sqlite_goes_forward_from_every_version_with_its_rows()
    {
        const string columns = """
            SELECT t.name, c.name, c.type, c."notnull", c.pk FROM sqlite_schema t JOIN pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid
            """;
        var scripts = SqliteMigrator.LoadScripts("Migrations/Sqlite/");
        var folder = Directory.CreateTempSubdirectory("forward-");
        CatalogSchema.Apply($"Data Source={folder}/new.db");
        var fresh = Lines($"{folder}/new.db", columns);
        for (var version = 1; version < scripts.Count; version++)
        {
            var file = $"{folder}/{version}.db";
            new SqliteMigrator(CatalogSchema.ApplicationId, [.. scripts.Take(version)]).Apply($"Data Source={file}");
            var tables = Tables(Lines(file, columns));
            using (var connection = new SqliteDataSource($"Data Source={file}").Open())
            {
                Execute(connection, "PRAGMA foreign_keys = OFF"); // Rows of one filler refer to each other: whole when all are there.
                foreach (var (table, types) in tables) Execute(connection, Insert(table, types));
            }

            CatalogSchema.Apply($"Data Source={file}");

            CollectionAssert.AreEqual(fresh, Lines(file, columns), $"from version {version}");
            CollectionAssert.AreEqual(Array.Empty<string>(), Lines(file, "SELECT \"table\" FROM pragma_foreign_key_check"), $"from version {version}");
            foreach (var table in tables.Keys.Except(Rewritten).Intersect(Tables(fresh).Keys))
                CollectionAssert.AreEqual(new[] { "1" }, Lines(file, $"SELECT count(*) FROM {table}"), $"{table} from version {version}");
        }

        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [TestMethod]
    public async Task Postgres_goes_forward_from_every_version_with_its_rows()
    {
        var all = PostgresMigration.All;
        await using var newest = await CreateAsync();
        await new PostgresMigrator(newest).ApplyAsync(Cancellation);
        var fresh = await ColumnsAsync(newest);
        var catalog = all.Where(m => m.Component == "catalog").ToList();
        for (var version = 1; version < catalog.Count; version++)
        {
            await using var database = await CreateAsync();
            await new PostgresMigrator(database, [.. all.Where(m => m.Component != "catalog" || m.Version <= version)]).ApplyAsync(Cancellation);
            var tables = Tables(await ColumnsAsync(database));
            foreach (var (table, types) in tables) await database.ExecuteAsync($"SET session_replication_role = replica; {Insert(table, types)}", Cancellation); // Without checks of references.

            await new PostgresMigrator(database).ApplyAsync(Cancellation);

            CollectionAssert.AreEqual(fresh, await ColumnsAsync(database), $"from version {version}");
            foreach (var table in tables.Keys.Except(Rewritten).Intersect(Tables(fresh).Keys))
                Assert.AreEqual(1L, (await database.ReadAsync($"SELECT count(*) FROM {table}", row => row.GetInt64(0), Cancellation))[0], $"{table} from version {version}");
        }
    }

    private static async Task<PostgresDataSource> CreateAsync() => PostgresDatabase.Open(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());

    private async Task<List<string>> ColumnsAsync(PostgresDataSource database) => [.. await database.ReadAsync(
        """
        SELECT concat_ws('|', table_name, column_name, data_type, is_nullable) FROM information_schema.columns
        WHERE table_schema = 'synthstudio' AND table_name NOT IN ('orleansquery', 'grain_states', 'reminders', 'deployments', 'silos', 'schema_migrations')
        ORDER BY table_name, column_name
        """, row => row.GetString(0), Cancellation)];

    /// <summary>By table, its columns and their types.</summary>
    private static Dictionary<string, List<(string Column, string Type)>> Tables(IEnumerable<string> columns) => columns.Select(line => line.Split('|'))
        .GroupBy(cells => cells[0]).ToDictionary(table => table.Key, table => table.Select(cells => (cells[1], cells[2].ToLowerInvariant())).ToList());

    /// <summary>One row, of the same value wherever the type is the same, so that what refers to another row refers to one that is there.</summary>
    private static string Insert(string table, List<(string Column, string Type)> columns) =>
        $"INSERT INTO {table} ({string.Join(", ", columns.Select(c => $"\"{c.Column}\""))}) VALUES ({string.Join(", ", columns.Select(c => Filler(c.Type)))})";

    private static string Filler(string type) => type switch
    {
        "text" => "'{}'", // Also where it is JSON.
        "blob" => "x'01'",
        "bytea" => @"'\x01'",
        "boolean" => "true",
        _ => "1",
    };

    private static List<string> Lines(string file, string query)
    {
        using var connection = new SqliteDataSource($"Data Source={file}").Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read()) lines.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))));
        return lines;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
