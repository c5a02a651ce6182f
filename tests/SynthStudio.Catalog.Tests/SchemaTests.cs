using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace SynthStudio.Catalog.Tests;

[TestClass]
public sealed class SchemaTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("schema-").FullName;

    [TestCleanup]
    public void Clean()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public void The_scripts_make_the_tables_that_the_model_describes()
    {
        CatalogSchema.Apply(Connect("scripts.db"));
        using var context = new CatalogContext(new DbContextOptionsBuilder<CatalogContext>().UseSqlite(Connect("model.db")).Options);
        context.Database.EnsureCreated();

        var byModel = Describe("model.db");
        var tables = byModel.Select(Table).ToHashSet();
        Assert.HasCount(7, tables);
        CollectionAssert.AreEqual(byModel, Describe("scripts.db").Where(line => tables.Contains(Table(line))).ToList());

        static string Table(string line) => line.Split('.', ' ')[0];
    }

    [TestMethod]
    public void Applying_again_changes_nothing()
    {
        CatalogSchema.Apply(Connect("c.db"));
        Execute("c.db", "INSERT INTO users VALUES ('users/a', '', 'User', 0, 0)");
        CatalogSchema.Apply(Connect("c.db"));
        Assert.AreEqual(1L, Read("c.db", "SELECT count(*) FROM users"));
        Assert.AreEqual("wal", Read("c.db", "PRAGMA journal_mode"));
    }

    [TestMethod]
    public void An_older_file_keeps_its_rows_and_gets_what_is_missing()
    {
        new SqliteMigrator(7, ["CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1)"]).Apply(Connect("old.db"));
        new SqliteMigrator(7, ["CREATE TABLE never (x)", "ALTER TABLE a ADD COLUMN y INTEGER", "UPDATE a SET y = x + 1"]).Apply(Connect("old.db"));
        Assert.AreEqual(2L, Read("old.db", "SELECT y FROM a WHERE x = 1"));
        Assert.AreEqual(3L, Read("old.db", "PRAGMA user_version"));
    }

    [TestMethod]
    public void What_jobs_took_of_accelerators_before_leases_were_noted_is_kept()
    {
        var scripts = SqliteMigrator.LoadScripts("Migrations/Sqlite/");
        new SqliteMigrator(0x53594E43, [.. scripts.Take(18)]).Apply(Connect("u.db"));
        Execute("u.db", "INSERT INTO job_usage VALUES ('a', 'projects/p', 'Training', 5, 700, 'cuda', 0), ('b', 'projects/p', 'Training', 5, 900, 'any', 0), ('c', 'projects/p', 'Training', 5, 0, 'cuda', 0)");
        CatalogSchema.Apply(Connect("u.db"));
        Assert.AreEqual("a 0 projects/p Training 5 700", Read("u.db", "SELECT group_concat(job || ' ' || epoch || ' ' || project || ' ' || kind || ' ' || end_time || ' ' || milliseconds) FROM accelerator_leases"));
    }

    [TestMethod]
    public void Versions_of_tables_from_before_they_were_numbered_are_numbered_as_they_came()
    {
        new SqliteMigrator(
            CatalogSchema.ApplicationId,
            [.. SqliteMigrator.LoadScripts("Migrations/Sqlite/").TakeWhile(s => !s.Contains("dataset_lines", StringComparison.Ordinal))])
            .Apply(Connect("v.db"));
        foreach (var (name, line, time) in new[] { ("b", "", 1), ("a", "b", 2), ("c", "b", 3), ("z", "gone", 1), ("y", "gone", 2) })
        {
            Execute("v.db", $"""
                INSERT INTO datasets (name, project, display_name, state, file_name, schema_json, profile_job, creator, create_time, update_time, version, line)
                VALUES ('{name}', 'projects/p', '', 'Ready', '', '', '', '', {time}, 0, 1, '{line}')
                """);
        }

        CatalogSchema.Apply(Connect("v.db"));
        Assert.AreEqual("a 2, b 1, c 3, y 2, z 1", Read("v.db", "SELECT group_concat(name || ' ' || number, ', ') FROM (SELECT name, number FROM datasets ORDER BY name)"));
        Assert.AreEqual("b 3, gone 2", Read("v.db", "SELECT group_concat(line || ' ' || versions, ', ') FROM (SELECT line, versions FROM dataset_lines ORDER BY line)"));
    }

    [TestMethod]
    public void What_was_stored_before_it_was_summed_counts()
    {
        var scripts = SqliteMigrator.LoadScripts("Migrations/Sqlite/");
        new SqliteMigrator(0x53594E43, [.. scripts.TakeWhile(script => !script.Contains("CREATE TABLE stored_objects", StringComparison.Ordinal))]).Apply(Connect("s.db"));
        foreach (var row in StoredSumTests.RowsOfBefore) Execute("s.db", row);
        CatalogSchema.Apply(Connect("s.db"));
        Assert.AreEqual("projects/p 127 7", Read("s.db", "SELECT group_concat(project || ' ' || stored_bytes || ' ' || deleted_bytes) FROM project_storage"));
        Execute("s.db", "DELETE FROM jobs");
        Execute("s.db", "DELETE FROM datasets");
        Assert.AreEqual("projects/p 0 0", Read("s.db", "SELECT group_concat(project || ' ' || stored_bytes || ' ' || deleted_bytes) FROM project_storage"));
    }

    [TestMethod]
    public void A_script_that_fails_leaves_the_old_schema()
    {
        new SqliteMigrator(7, ["CREATE TABLE a (x INTEGER)"]).Apply(Connect("f.db"));
        var broken = new SqliteMigrator(7, ["", "CREATE TABLE b (x INTEGER); CREATE TABLE a (x INTEGER)"]);
        Assert.ThrowsExactly<SqliteException>(() => broken.Apply(Connect("f.db")));
        Assert.AreEqual(1L, Read("f.db", "PRAGMA user_version"));
        Assert.AreEqual(0L, Read("f.db", "SELECT count(*) FROM sqlite_schema WHERE name = 'b'"));
    }

    [TestMethod]
    public void A_newer_file_and_a_strange_file_are_refused()
    {
        new SqliteMigrator(7, ["CREATE TABLE a (x)", "CREATE TABLE b (x)"]).Apply(Connect("n.db"));
        Assert.ThrowsExactly<CatalogSchemaException>(() => new SqliteMigrator(7, ["CREATE TABLE a (x)"]).Apply(Connect("n.db")));
        Assert.ThrowsExactly<CatalogSchemaException>(() => CatalogSchema.Apply(Connect("n.db")));
        OrleansSqliteSchema.Apply(Connect("o.db"));
        Assert.ThrowsExactly<CatalogSchemaException>(() => CatalogSchema.Apply(Connect("o.db")));
    }

    [TestMethod]
    public async Task Programs_that_start_together_make_the_schema_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => CatalogSchema.Apply(Connect("together.db")))));
        Assert.AreEqual(1L, Read("together.db", "SELECT count(*) FROM sqlite_schema WHERE name = 'users'"));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void The_files_are_their_users_only()
    {
        if (OperatingSystem.IsWindows()) return;
        CatalogSchema.Apply(Connect("private.db"));
        Execute("private.db", "INSERT INTO users VALUES ('users/a', '', 'User', 0, 0)");
        using var open = new SqliteDataSource(Connect("private.db")).Open();
        foreach (var file in Directory.GetFiles(_folder, "private.db*"))
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file), file);
    }

    private string Connect(string file) => $"Data Source={Path.Combine(_folder, file)}";

    /// <summary>Every column and index entry of every table: what both ways of making the tables must agree on.</summary>
    private List<string> Describe(string file)
    {
        using var connection = new SqliteDataSource(Connect(file)).Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT format('%s.%s %s notnull=%d pk=%d', t.name, c.name, c.type, c."notnull", c.pk)
            FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
            UNION ALL
            SELECT format('%s index(%s)', t.name, (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)))
            FROM sqlite_schema t JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND i.origin = 'c'
            UNION ALL
            SELECT format('%s.%s -> %s.%s', t.name, f."from", f."table", f."to")
            FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
            ORDER BY 1
            """;
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read()) lines.Add(reader.GetString(0));
        return lines;
    }

    private void Execute(string file, string sql)
    {
        using var connection = new SqliteDataSource(Connect(file)).Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private object? Read(string file, string sql)
    {
        using var connection = new SqliteDataSource(Connect(file)).Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
