using System.Text.Json;

namespace SynthStudio.Cli.Tests;

/// <summary>What <c>synth datasets</c>, <c>synth generators</c> and <c>synth lineage</c> tell of data sets and models, against a server.</summary>
[TestClass]
public sealed class DatasetsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [TestMethod]
    public async Task A_data_set_is_examined_marked_compared_and_followed_to_its_model()
    {
        var at = await (await ServedProcess.SharedAsync()).InNewProjectAsync(); // The data policy is the project's.
        var first = await OutputAsync(["datasets", "upload", Table("first.csv", 300), .. at]);
        var second = await OutputAsync(["datasets", "upload", Table("second.csv", 500), "--version-of", first, .. at]);

        var found = await OutputAsync(["datasets", "pii", first, .. at]);
        Assert.Contains("direct identifier  email", found);
        Assert.DoesNotContain("person7@", found, "Never a value.");
        Assert.Contains("person7@example.org", await OutputAsync(["datasets", "preview", first, .. at]));
        Assert.Contains("shown to nobody", await OutputAsync(["datasets", "policy", "--real-rows", "nobody", .. at]));
        var hidden = await Command.SynthAsync(["datasets", "preview", first, .. at]);
        Assert.AreNotEqual(0, hidden.ExitCode);
        Assert.Contains("data policy", hidden.Errors);
        await OutputAsync(["datasets", "policy", "--real-rows", "owners", .. at]);

        using var sets = JsonDocument.Parse(await OutputAsync(["datasets", "anonymity", first, "--column", "town", "--column", "age", "--most-columns", "2", .. at]));
        Assert.AreEqual(3, sets.RootElement.GetProperty("sets").GetArrayLength());
        using var drift = JsonDocument.Parse(await OutputAsync(["datasets", "compare", second, first, .. at]));
        Assert.AreEqual(300, drift.RootElement.GetProperty("earlier_rows").GetInt32());
        Assert.Contains(first.Split('/')[^1], await OutputAsync(["datasets", "versions", second, .. at]));

        await OutputAsync(["datasets", "mark", first, "town=direct-identifier", .. at]);
        var refused = await Command.SynthAsync(["generators", "train", first, "--method", "independent", .. at]);
        Assert.Contains("'town'", refused.Errors);
        await OutputAsync(["datasets", "mark", first, "town=proposed", .. at]);
        using var chosen = JsonDocument.Parse(await OutputAsync(["generators", "train", first, "--method", "auto", "--estimate", .. at]));
        Assert.AreEqual("autoregressive", chosen.RootElement.GetProperty("method").GetString());
        Assert.Contains("300 rows", chosen.RootElement.GetProperty("reason").GetString()!);
        Assert.DoesNotContain("training", await OutputAsync(["jobs", "list", .. at]), "Nothing was started.");
        var trained = await Command.SynthAsync(["generators", "train", first, "--method", "independent", .. at]);
        Assert.Contains("Expected: independent, about ", trained.Errors);
        var generator = trained.Output.Trim();
        await OutputAsync(["generators", "watch", generator, .. at]);
        await OutputAsync(["generators", "alias", "champion", generator, .. at]);
        Assert.Contains("independent", await OutputAsync(["generators", "card", "champion", .. at]));
        Assert.Contains("\"The best\"", await OutputAsync(["generators", "update", "champion", "--display-name", "The best", .. at]));
        Assert.Contains("The best", await OutputAsync(["generators", "list", .. at]));
        Assert.AreEqual(2, (await Command.SynthAsync(["generators", "update", "champion", .. at])).ExitCode, "Nothing to change.");
        Assert.AreNotEqual(0, (await Command.SynthAsync(["generators", "update", "champion", "--seed", "7", .. at])).ExitCode, "It is no draft any more.");
        var tree = await OutputAsync(["lineage", "champion", .. at]);
        Assert.Contains(generator, tree);
        Assert.Contains(first, tree);
        Assert.StartsWith("digraph", await OutputAsync(["lineage", first, "--format", "dot", .. at]));
        Assert.AreEqual(2, (await Command.SynthAsync(["lineage", "nothing", .. at])).ExitCode);
    }

    [TestMethod]
    public async Task Identifiers_of_many_digits_come_back_from_parquet_as_they_were_and_a_name_of_another_format_is_refused()
    {
        var at = await (await ServedProcess.SharedAsync()).InNewProjectAsync();
        File.WriteAllLines(folder["ids.csv"], ["a,b", .. Enumerable.Range(0, 30).Select(i => $"{9223372036854775777 + i},123456789012345678{i + 10}")]);
        var first = await OutputAsync(["datasets", "upload", folder["ids.csv"], .. at]);
        foreach (var refused in (string[])["ids.json", "ids.csv.gz", "ids.xlsx"])
        {
            var result = await Command.SynthAsync(["datasets", "download", first, "--out", folder[refused], .. at]);
            Assert.AreEqual(2, result.ExitCode);
            Assert.Contains("--format", result.Errors);
            Assert.IsFalse(File.Exists(folder[refused]));
        }

        await OutputAsync(["datasets", "download", first, "--out", folder["ids.parquet"], .. at]);
        var again = await OutputAsync(["datasets", "upload", folder["ids.parquet"], .. at]);

        var rows = await OutputAsync(["datasets", "preview", again, .. at]);
        for (var i = 0; i < 30; i++) Assert.MatchesRegex($@"{9223372036854775777 + i} +123456789012345678{i + 10}", rows);
    }

    private static async Task<string> OutputAsync(string[] arguments)
    {
        var result = await Command.SynthAsync(arguments);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        return result.Output.Trim();
    }

    private string Table(string name, int rows)
    {
        File.WriteAllLines(folder[name], Enumerable.Range(0, rows).Select(i => $"person{i}@example.org,{20 + (i * 7 % 50)},{(i % 3 == 0 ? "Wien" : "Graz")}").Prepend("contact,age,town"));
        return folder[name];
    }
}
