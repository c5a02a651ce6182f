using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Catalog.Tests;

/// <summary>What <c>synth migrate</c> makes of a PostgreSQL database, and who may do what in it.</summary>
[TestClass]
public sealed class PostgresSchemaTests
{
    private static readonly PostgresMigration First = new("catalog", 1, "CREATE TABLE synthstudio.a (x integer); INSERT INTO synthstudio.a VALUES (1)");

    private string _connection = null!;
    private PostgresDataSource _database = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    [TestInitialize]
    public async Task CreateAsync()
    {
        _connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        _database = PostgresDatabase.Open(_connection);
    }

    [TestCleanup]
    public async Task CloseAsync() => await _database.DisposeAsync();

    [TestMethod]
    public async Task The_scripts_make_the_tables_that_the_model_describes()
    {
        await new PostgresMigrator(_database).ApplyAsync(Cancellation);
        await using var byModel = PostgresDatabase.Open(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
        await byModel.ExecuteAsync("CREATE SCHEMA synthstudio", Cancellation);
        await using (var context = new CatalogContext(new DbContextOptionsBuilder<CatalogContext>().UseNpgsql(byModel.Pool).Options))
            await context.Database.EnsureCreatedAsync(Cancellation);

        var described = await DescribeAsync(byModel);
        var tables = described.Select(Table).ToHashSet();
        Assert.HasCount(7, tables);
        CollectionAssert.AreEquivalent(described, (await DescribeAsync(_database)).Where(line => tables.Contains(Table(line))).ToList());

        static string Table(string line) => line.Split('.', ' ')[0];
    }

    [TestMethod]
    public async Task Both_databases_have_the_same_tables_and_columns()
    {
        await new PostgresMigrator(_database).ApplyAsync(Cancellation);
        var folder = Directory.CreateTempSubdirectory("schema-").FullName;
        CatalogSchema.Apply($"Data Source={folder}/catalog.db");
        var inSqlite = await new SqliteDataSource($"Data Source={folder}/catalog.db").ReadAsync(
            "SELECT t.name || '.' || c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
            row => row.GetString(0), Cancellation);
        var inPostgres = await _database.ReadAsync(
            "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'synthstudio'", row => row.GetString(0), Cancellation);
        string[] orleans = ["orleansquery", "grain_states", "reminders", "deployments", "silos", "schema_migrations"];

        CollectionAssert.AreEquivalent(inSqlite, inPostgres.Where(column => !orleans.Contains(column.Split('.')[0])).ToList());
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    public async Task Migrating_tells_what_it_did_and_the_second_time_does_nothing()
    {
        var migrator = new PostgresMigrator(_database);
        var all = PostgresMigration.All.Select(m => m.ToString()).ToArray();
        CollectionAssert.AreEqual(all, (await migrator.ListMissingAsync(Cancellation)).ToArray());
        var refusal = await Assert.ThrowsExactlyAsync<CatalogSchemaException>(() => migrator.CheckAsync(Cancellation));
        Assert.Contains("synth migrate", refusal.Message);

        CollectionAssert.AreEqual(all, (await migrator.ApplyAsync(Cancellation)).ToArray());
        await _database.ExecuteAsync("INSERT INTO users VALUES ('users/a', '', 'User', false, 0)", Cancellation);
        Assert.IsEmpty(await migrator.ApplyAsync(Cancellation));
        Assert.IsEmpty(await migrator.ListMissingAsync(Cancellation));
        await migrator.CheckAsync(Cancellation);
        Assert.AreEqual(1L, await ReadAsync("SELECT count(*) FROM users"));
    }

    [TestMethod]
    public async Task Of_migrators_that_start_together_one_migrates()
    {
        var done = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => new PostgresMigrator(_database).ApplyAsync(Cancellation))));
        Assert.AreEqual(1, done.Count(applied => applied.Count == PostgresMigration.All.Count));
        Assert.AreEqual(3, done.Count(applied => applied.Count == 0));
    }

    [TestMethod]
    public async Task An_older_database_keeps_its_rows_and_gets_what_is_missing_from_every_version()
    {
        PostgresMigration[] all =
        [
            First, new("catalog", 2, "ALTER TABLE a ADD COLUMN y integer"), new("catalog", 3, "UPDATE a SET y = x + 1"), new("orleans", 1, "CREATE TABLE b ()"),
        ];
        for (var version = 1; version <= all.Length; version++)
        {
            await using var database = PostgresDatabase.Open(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
            await new PostgresMigrator(database, all[..version]).ApplyAsync(Cancellation);
            CollectionAssert.AreEqual(
                all[version..].Select(m => m.ToString()).ToArray(), (await new PostgresMigrator(database, all).ApplyAsync(Cancellation)).ToArray());
            Assert.AreEqual(2, (await database.ReadAsync("SELECT y FROM a", row => row.GetInt32(0), Cancellation))[0]);
        }
    }

    [TestMethod]
    public async Task What_jobs_took_of_accelerators_before_leases_were_noted_is_kept()
    {
        await new PostgresMigrator(_database, [.. PostgresMigration.All.Where(m => m is { Component: "catalog", Version: < 14 })]).ApplyAsync(Cancellation);
        await _database.ExecuteAsync(
            "INSERT INTO job_usage VALUES ('a', 'projects/p', 'Training', 5, 700, 'cuda', 0), ('b', 'projects/p', 'Training', 5, 900, 'any', 0), ('c', 'projects/p', 'Training', 5, 0, 'cuda', 0)", Cancellation);
        await new PostgresMigrator(_database).ApplyAsync(Cancellation);
        Assert.AreEqual("a 0 projects/p Training 5 700", await ReadAsync("SELECT string_agg(concat_ws(' ', job, epoch, project, kind, end_time, milliseconds), ',') FROM accelerator_leases"));
    }

    [TestMethod]
    public async Task What_was_stored_before_it_was_summed_counts()
    {
        var sums = PostgresMigration.All.Single(m => m.Text.Contains("CREATE TABLE stored_objects", StringComparison.Ordinal)).Version;
        await new PostgresMigrator(_database, [.. PostgresMigration.All.Where(m => m.Component == "catalog" && m.Version < sums)]).ApplyAsync(Cancellation);
        foreach (var row in StoredSumTests.RowsOfBefore) await _database.ExecuteAsync(row, Cancellation);
        await new PostgresMigrator(_database).ApplyAsync(Cancellation);
        Assert.AreEqual("projects/p 127 7", await ReadAsync("SELECT string_agg(concat_ws(' ', project, stored_bytes, deleted_bytes), ',') FROM project_storage"));
        await _database.ExecuteAsync("DELETE FROM jobs; DELETE FROM datasets", Cancellation);
        Assert.AreEqual("projects/p 0 0", await ReadAsync("SELECT string_agg(concat_ws(' ', project, stored_bytes, deleted_bytes), ',') FROM project_storage"));
    }

    [TestMethod]
    public async Task A_script_that_fails_leaves_the_old_schema()
    {
        await new PostgresMigrator(_database, [First]).ApplyAsync(Cancellation);
        var broken = new PostgresMigrator(_database, [First, new("catalog", 2, "CREATE TABLE b (); CREATE TABLE a ()")]);
        await Assert.ThrowsExactlyAsync<PostgresException>(() => broken.ApplyAsync(Cancellation));
        Assert.HasCount(1, await broken.ListMissingAsync(Cancellation));
        Assert.IsTrue((bool)(await ReadAsync("SELECT to_regclass('b') IS NULL"))!);
    }

    [TestMethod]
    public async Task A_newer_database_is_refused()
    {
        await new PostgresMigrator(_database, [First, new("catalog", 2, "SELECT 1")]).ApplyAsync(Cancellation);
        var older = new PostgresMigrator(_database, [First]);
        await Assert.ThrowsExactlyAsync<CatalogSchemaException>(() => older.CheckAsync(Cancellation));
        await Assert.ThrowsExactlyAsync<CatalogSchemaException>(() => older.ApplyAsync(Cancellation));
    }

    [TestMethod]
    public async Task Each_role_may_do_what_it_needs_and_no_more()
    {
        await new PostgresMigrator(_database).ApplyAsync(Cancellation);
        var server = await PostgresServer.SharedAsync();
        var (service, reader) = (await server.CreateRoleAsync(), await server.CreateRoleAsync());
        await PostgresRoles.GrantAsync(_database, service, reader, Cancellation);
        await PostgresRoles.GrantAsync(_database, service, reader, Cancellation);
        await using var asService = As(service);
        await using var asReader = As(reader);

        await new PostgresMigrator(asService).CheckAsync(Cancellation);
        await asService.ExecuteAsync("INSERT INTO users VALUES ('users/a', '', 'User', false, 0)", Cancellation);
        await asService.ReadAsync("SELECT QueryText FROM OrleansQuery", row => row.GetString(0), Cancellation);
        await RefusesAsync(asService, "CREATE TABLE mine ()", "DROP TABLE users", "ALTER TABLE users ADD COLUMN x integer", "DELETE FROM OrleansQuery",
            "UPDATE privacy_entries SET line = ''", "DELETE FROM privacy_entries", "UPDATE audit_entries SET line = ''", "DELETE FROM audit_entries",
            "TRUNCATE audit_entries", "TRUNCATE users", "DELETE FROM schema_migrations");

        Assert.AreEqual("users/a", (await asReader.ReadAsync("SELECT name FROM users", row => row.GetString(0), Cancellation)).Single());
        await RefusesAsync(asReader, "INSERT INTO users VALUES ('users/b', '', 'User', false, 0)", "DELETE FROM users", "SELECT * FROM api_keys",
            "SELECT * FROM signing_keys", "SELECT * FROM request_ids", "SELECT * FROM grain_states", "SELECT * FROM accounts", "SELECT * FROM sessions", "SELECT * FROM recovery_codes");
    }

    private PostgresDataSource As(string role) => PostgresDatabase.Open(PostgresServer.As(_connection, role));

    private async Task RefusesAsync(PostgresDataSource database, params string[] statements)
    {
        foreach (var statement in statements)
        {
            var refusal = await Assert.ThrowsExactlyAsync<PostgresException>(() => database.ExecuteAsync(statement, Cancellation), statement);
            Assert.AreEqual(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState, statement);
        }
    }

    private async Task<object?> ReadAsync(string query) => (await _database.ReadAsync(query, row => row.GetValue(0), Cancellation))[0];

    /// <summary>Every column, key and index entry of every table.</summary>
    private async Task<List<string>> DescribeAsync(DbDataSource database) => await database.ReadAsync(
        """
        SELECT format('%s.%s %s nullable=%s', table_name, column_name, data_type, is_nullable)
        FROM information_schema.columns WHERE table_schema = 'synthstudio'
        UNION ALL
        SELECT format('%s %s', t.relname, regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING', CASE WHEN i.indisunique THEN 'unique' ELSE '' END))
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'synthstudio'
        """, row => row.GetString(0), Cancellation);
}
