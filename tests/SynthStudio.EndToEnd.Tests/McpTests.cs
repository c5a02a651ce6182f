using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>An assistant goes the whole way with the tools that <c>synth mcp</c> offers, and sees no value of the real table.</summary>
[TestClass]
public sealed class McpTests
{
    private static readonly TemporaryFolder Folder = new();
    private static ServedProcess server = null!;
    private static string dataset = null!;

    public TestContext TestContext { get; set; } = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext _)
    {
        server = await ServedProcess.StartHostAsync(
            Folder["data"], Path.Combine(Folder["data"], "admin.key"), new Dictionary<string, string> { ["Api:Features:CopyingMethods"] = "true" });
        var uploaded = await Command.SynthAsync("datasets", "upload", SampleTable.Write(Folder["people.csv"], rows: 300), "--server", $"{server.Grpc}", "--key-file", server.KeyFile);
        dataset = uploaded.Succeeded().Output
            .Split('\n').Single(line => line.Contains("/datasets/", StringComparison.Ordinal))
            .Split(' ').Single(word => word.Contains("/datasets/", StringComparison.Ordinal)).Trim();
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await server.DisposeAsync();
        Folder.Dispose();
    }

    [TestMethod]
    public async Task From_a_table_to_rows_and_their_evaluation()
    {
        await using var client = await ConnectAsync();
        var shown = await CallAsync(client, "show_dataset", new() { ["dataset"] = dataset });
        Assert.AreEqual("300", shown.GetProperty("rowCount").GetString());
        Assert.Contains("city", shown.GetProperty("schemaJson").GetString()!);
        foreach (var tool in (string[])["list_datasets", "show_dataset"])
        {
            var text = (await CallAsync(client, tool, tool == "show_dataset" ? new() { ["dataset"] = dataset } : [])).ToString();
            foreach (var city in SampleTable.Cities) Assert.DoesNotContain(city, text, "Values of the real table stay where they are.");
        }

        var generator = await CallAsync(client, "train_generator", new() { ["dataset"] = dataset, ["maxSeconds"] = 120, ["seed"] = 1 });
        await EndAsync(client, generator.GetProperty("training").GetProperty("name").GetString()!);
        var synthetic = await CallAsync(client, "draw_rows", new() { ["generator"] = generator.GetProperty("name").GetString(), ["rows"] = 100 });
        await EndAsync(client, synthetic.GetProperty("job").GetString()!);
        var rows = (await TextAsync(
            client, "show_rows", new() { ["syntheticDataset"] = synthetic.GetProperty("name").GetString(), ["limit"] = 5 }))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(6, rows);
        Assert.StartsWith("age,city,income", rows[0]);
        var evaluation = await CallAsync(client, "evaluate", new() { ["syntheticDataset"] = synthetic.GetProperty("name").GetString(), ["dataset"] = dataset });
        await EndAsync(client, evaluation.GetProperty("job").GetString()!);
        var scored = await CallAsync(client, "show_evaluation", new() { ["evaluation"] = evaluation.GetProperty("name").GetString() });
        Assert.IsTrue(scored.GetProperty("metrics").TryGetProperty("shape", out _), $"{scored}");
    }

    [TestMethod]
    public async Task Rows_that_a_method_copied_are_neither_learned_nor_shown_though_the_server_allows_it()
    {
        await using var client = await ConnectAsync();
        await RefusesAsync("train_generator", new() { ["dataset"] = dataset, ["method"] = "bootstrap" });
        var trained = (await Command.SynthAsync("generators", "train", dataset, "--method", "bootstrap", "--server", $"{server.Grpc}", "--key-file", server.KeyFile)).Succeeded();
        var generator = trained.Output.Split(['\n', ' ']).Last(word => word.Contains("/generators/", StringComparison.Ordinal)).Trim();
        (await Command.SynthAsync("generators", "watch", generator, "--server", $"{server.Grpc}", "--key-file", server.KeyFile)).Succeeded();
        var synthetic = await CallAsync(client, "draw_rows", new() { ["generator"] = generator, ["rows"] = 10 });
        await EndAsync(client, synthetic.GetProperty("job").GetString()!);
        await RefusesAsync("show_rows", new() { ["syntheticDataset"] = synthetic.GetProperty("name").GetString() });

        async Task RefusesAsync(string tool, Dictionary<string, object?> arguments)
        {
            var refused = await client.CallToolAsync(tool, arguments, cancellationToken: TestContext.CancellationToken);
            Assert.IsTrue(refused.IsError);
            Assert.Contains("gives back real rows", refused.Content.OfType<TextContentBlock>().Single().Text);
        }
    }

    [TestMethod]
    public async Task Refusals_have_their_reason_and_who_only_reads_can_start_nothing()
    {
        await using var client = await ConnectAsync("--read-only");
        var tools = (await client.ListToolsAsync(cancellationToken: TestContext.CancellationToken)).ToList();
        Assert.IsGreaterThan(9, tools.Count);
        Assert.IsTrue(tools.All(tool => tool.ProtocolTool.Annotations?.ReadOnlyHint == true), string.Join(", ", tools.Select(tool => tool.Name)));

        var refused = await client.CallToolAsync("show_generator", new Dictionary<string, object?> { ["generator"] = "none" }, cancellationToken: TestContext.CancellationToken);
        Assert.IsTrue(refused.IsError);
        Assert.Contains("RESOURCE_NOT_FOUND: ", refused.Content.OfType<TextContentBlock>().Single().Text);
    }

    [TestMethod]
    public async Task Why_a_table_was_not_read_is_told_without_words_that_repeat_its_cells()
    {
        var file = Folder["people-without-header.csv"];
        await File.WriteAllTextAsync(file, "Olivia Quist,Olivia Quist\n1,2\n3,4\n", TestContext.CancellationToken);
        var project = await server.InNewProjectAsync();
        var uploaded = await Command.SynthAsync(["datasets", "upload", file, .. project]);
        Assert.Contains("Olivia Quist", uploaded.Errors, "Who uploads it is told.");

        await using var client = await ConnectAsync(project[..2]);
        var dataset = (await CallAsync(client, "list_datasets", [])).GetProperty("datasets")[0].GetProperty("name").GetString();
        foreach (var (tool, arguments) in (IEnumerable<(string, Dictionary<string, object?>)>)
            [("list_datasets", []), ("show_dataset", new() { ["dataset"] = dataset }), ("list_jobs", [])])
        {
            var told = await TextAsync(client, tool, arguments);
            Assert.Contains("DUPLICATE_COLUMN", told, tool);
            Assert.DoesNotContain("Quist", told, tool);
        }
    }

    [TestMethod]
    public async Task A_refusal_whose_words_may_repeat_values_is_told_by_reason_status_and_field()
    {
        await using var client = await ConnectAsync();
        var refused = await client.CallToolAsync(
            "train_generator", new Dictionary<string, object?> { ["dataset"] = dataset, ["method"] = "magic" }, cancellationToken: TestContext.CancellationToken);
        Assert.IsTrue(refused.IsError);
        Assert.EndsWith(
            "'train_generator': UNKNOWN_METHOD (InvalidArgument), in generator.method. The server's words may repeat values of a table and are left out here.",
            refused.Content.OfType<TextContentBlock>().Single().Text);
    }

    private static Task<McpClient> ConnectAsync(params string[] options) => McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
    {
        Name = "synth", Command = Repository.Synth, Arguments = ["mcp", .. server.AsAdministrator, .. options],
    }));

    private async Task<string> TextAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var answer = await client.CallToolAsync(tool, arguments, cancellationToken: TestContext.CancellationToken);
        var text = answer.Content.OfType<TextContentBlock>().Single().Text;
        Assert.AreNotEqual(true, answer.IsError, text);
        return text;
    }

    private async Task<JsonElement> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        using var json = JsonDocument.Parse(await TextAsync(client, tool, arguments));
        return json.RootElement.Clone();
    }

    private async Task EndAsync(McpClient client, string job)
    {
        for (var i = 0; i < 3000; i++)
        {
            var shown = await CallAsync(client, "show_job", new() { ["job"] = job });
            var state = shown.GetProperty("state").GetString();
            if (state == "JOB_STATE_SUCCEEDED") return;
            Assert.IsFalse(state is "JOB_STATE_FAILED" or "JOB_STATE_CANCELLED", $"{shown}");
            await Task.Delay(200, TestContext.CancellationToken);
        }

        Assert.Fail($"{job} did not end.");
    }
}
