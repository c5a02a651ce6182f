using Npgsql;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>By the command line from a database to a model, and with the model to another server that trusts the first one.</summary>
[TestClass]
public sealed class BetweenServersTests
{
    [TestMethod]
    public async Task A_table_comes_from_a_database_and_its_model_goes_to_another_server()
    {
        using var folder = new TemporaryFolder();
        var postgres = await PostgresServer.SharedAsync();
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        await PostgresServer.ExecuteAsync(
            database.ConnectionString, "CREATE TABLE people AS SELECT 18 + i * 7 % 60 AS age, (ARRAY['Graz', 'Linz', 'Wien'])[1 + i % 3] AS city, i % 4 = 0 AS member FROM generate_series(1, 900) AS i");
        await File.WriteAllTextAsync(folder["password"], "none is asked for\n");
        await using var first = await StartAsync(folder["first"], new());
        static Synth Run(ServedProcess server) => arguments => Command.SynthAsync([.. arguments, "--server", $"{server.Grpc}", "--key-file", server.KeyFile]);

        await SucceedAsync(Run(first)(
            "connections", "add", "warehouse", "--postgres", $"postgresql://{database.Username}@127.0.0.1:{database.Port}/{database.Database}?sslmode=disable", "--secret-file", folder["password"]));
        Assert.Contains("127.0.0.1", await SucceedAsync(Run(first)("connections", "list")));
        var dataset = await SucceedAsync(Run(first)("datasets", "import", "--connection", "warehouse", "--query", "SELECT * FROM people", "--id", "people"));
        Assert.EndsWith("/datasets/people", dataset);
        Assert.Contains("900", await SucceedAsync(Run(first)("transfers", "list")));
        var wrong = await Run(first)("datasets", "import", "--connection", "warehouse", "--query", "SELECT * FROM nobody");
        Assert.AreEqual(2, wrong.ExitCode);
        Assert.Contains("relation \"nobody\" does not exist", wrong.Errors);

        await OutAsync(Run(first), folder, database.ConnectionString);
        var generator = await SucceedAsync(Run(first)("generators", "train", "people", "--method", "cart", "--max-time", "60"));
        await SucceedAsync(Run(first)("generators", "watch", generator));
        await SucceedAsync(Run(first)("generators", "export", generator, "--out", folder["people.synth"]));
        await File.WriteAllTextAsync(folder["first.pem"], await SucceedAsync(Command.SynthAsync("package", "key", "--server", $"{first.Grpc}")));
        Assert.Contains(generator, await SucceedAsync(Command.SynthAsync("package", "verify", folder["people.synth"], "--public-key", folder["first.pem"])));

        var key = string.Concat((await File.ReadAllLinesAsync(folder["first.pem"])).Where(line => line.Length > 0 && !line.StartsWith('-')));
        await using var second = await StartAsync(folder["second"], new() { ["Api:Packages:TrustedSigners:0:Name"] = "first", ["Api:Packages:TrustedSigners:0:PublicKey"] = key });
        var imported = await SucceedAsync(Run(second)("generators", "import", folder["people.synth"], "--id", "from-there"));
        Assert.EndsWith("/generators/from-there", imported);
        var (there, here) = (new Studio(first.Channel), new Studio(second.Channel));
        Assert.AreEqual(
            await there.DrawAsync(ProjectOf(generator), generator, rows: 200, seed: 3),
            await here.DrawAsync(ProjectOf(imported), imported, rows: 200, seed: 3),
            "It is the same model.");
        await GoAndComeBackAsync(Run(second));

        var bytes = await File.ReadAllBytesAsync(folder["people.synth"]);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(folder["changed.synth"], bytes);
        Assert.AreEqual(1, (await Command.SynthAsync("package", "verify", folder["changed.synth"], "--public-key", folder["first.pem"])).ExitCode);
        var refused = await Run(second)("generators", "import", folder["changed.synth"]);
        Assert.AreEqual(2, refused.ExitCode);
        Assert.Contains("bytes were changed", refused.Errors);
    }

    /// <summary>The real rows go out again, as a file of each format and as a table.</summary>
    private static async Task OutAsync(Synth synth, TemporaryFolder folder, string database)
    {
        foreach (var name in new[] { "people.csv", "people.parquet", "people.jsonl" })
        {
            await SucceedAsync(synth("datasets", "download", "people", "--out", folder[name]));
            Assert.Contains("900 rows", await SucceedAsync(synth("profile", folder[name])), name);
        }

        // PostgreSQL spells booleans t and f, which here are texts.
        Assert.AreEqual("{\"age\":25,\"city\":\"Linz\",\"member\":\"f\"}", (await File.ReadAllLinesAsync(folder["people.jsonl"]))[0]);
        await SucceedAsync(synth("transfers", "export", "people", "--real-rows", "--connection", "warehouse", "--table", "copy"));
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        const string Here = "SELECT age, city, left(member::text, 1) FROM people", There = "SELECT age, city, left(member::text, 1) FROM copy";
        await using var same = new NpgsqlCommand($"SELECT count(*) FROM (({Here} EXCEPT ALL {There}) UNION ALL ({There} EXCEPT ALL {Here})) AS differing", connection);
        Assert.AreEqual(0L, await same.ExecuteScalarAsync());
    }

    /// <summary>The rows that were drawn, by the command line.</summary>
    private static async Task GoAndComeBackAsync(Synth synth)
    {
        var line = (await SucceedAsync(synth("synthetics", "list"))).Split('\n').Single(text => text.Contains("from-there", StringComparison.Ordinal));
        var drawn = line[..line.IndexOf(' ', StringComparison.Ordinal)];
        var file = Path.GetTempFileName();
        await SucceedAsync(synth("synthetics", "download", drawn, "--out", file, "--format", "parquet"));
        Assert.Contains("200 rows", await SucceedAsync(synth("profile", file)));
        File.Delete(file);
        await SucceedAsync(synth("synthetics", "delete", drawn));
        Assert.DoesNotContain(drawn, await SucceedAsync(synth("synthetics", "list")));
        Assert.Contains("can be brought back", await SucceedAsync(synth("synthetics", "list", "--show-deleted")));
        Assert.Contains(drawn, await SucceedAsync(synth("synthetics", "undelete", drawn)));
        Assert.Contains("\"rows\": \"200\"", await SucceedAsync(synth("synthetics", "show", drawn)));
        await SucceedAsync(synth("synthetics", "delete", drawn));
        await SucceedAsync(synth("synthetics", "purge", drawn));
        Assert.DoesNotContain(drawn, await SucceedAsync(synth("synthetics", "list", "--show-deleted")));
    }

    private delegate Task<CommandResult> Synth(params string[] arguments);

    private static Task<ServedProcess> StartAsync(string data, Dictionary<string, string> settings)
    {
        (settings["Api:Transfers:AllowedNetworks:0"], settings["Api:Transfers:AllowUnprotected"]) = ("127.0.0.0/8", "true");
        return ServedProcess.StartHostAsync(data, Path.Combine(data, "admin.key"), settings);
    }

    /// <summary>What a command prints.</summary>
    private static async Task<string> SucceedAsync(Task<CommandResult> command) => (await command).Succeeded().Output.Trim();

    private static string ProjectOf(string name) => string.Join('/', name.Split('/')[..2]);
}
