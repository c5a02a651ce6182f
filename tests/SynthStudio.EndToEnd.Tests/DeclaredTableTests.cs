using System.Net.Http.Json;
using System.Text.Json;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>Rows of a declared schema as jobs of a served process: by gRPC, by JSON over HTTP and by the command line, with a real worker.</summary>
[TestClass]
public sealed class DeclaredTableTests
{
    private const string Visits = """
        {"locale": "de_AT", "columns": {
            "id": {"type": "sequence", "start": 100}, "name": {"type": "full_name"}, "ward": {"type": "category", "values": {"north": 3, "south": 1}},
            "day": {"type": "date", "min": "2025-01-01", "max": "2025-12-31"}, "iban": {"type": "iban", "missing": 0.1},
            "stay": {"type": "poisson", "mean": 3}, "left": {"type": "expression", "expression": "day + days(stay)", "format": "yyyy-MM-dd"}}}
        """;

    private static readonly TemporaryFolder Folder = new();
    private static ServedProcess server = null!;
    private static string project = null!;

    public TestContext TestContext { get; set; } = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext _)
    {
        server = await ServedProcess.SharedAsync();
        project = await new Studio(server.Channel).CreateProjectAsync();
        await File.WriteAllTextAsync(Folder["visits.json"], Visits);
    }

    [ClassCleanup]
    public static void Clean() => Folder.Dispose();

    [TestMethod]
    public async Task By_gRPC_a_declaration_becomes_rows_that_are_watched_streamed_and_downloaded()
    {
        var studio = new Studio(server.Channel);
        var generator = await studio.Generators.CreateGeneratorAsync(
            new CreateGeneratorRequest { Parent = project, Generator = new Generator { Method = "schema", Options = { ["declaration"] = Visits } } });
        generator = await studio.Generators.TrainGeneratorAsync(new TrainGeneratorRequest { Name = generator.Name });
        var events = await studio.WatchAsync(generator.Name).ToListAsync(TestContext.CancellationToken);
        CollectionAssert.AreEqual(Enumerable.Range(1, events.Count).Select(i => (long)i).ToList(), events.Select(e => e.Sequence).ToList());
        generator = await studio.Generators.GetGeneratorAsync(new GetGeneratorRequest { Name = generator.Name });
        Assert.AreEqual(GeneratorState.Ready, generator.State, generator.Training?.Error?.Message);
        Assert.IsTrue(generator.Privacy is { NoData: true, Guaranteed: false }, $"{generator.Privacy}");
        Assert.IsEmpty(generator.Privacy.Releases);

        var rows = await studio.DrawAsync(project, generator.Name, rows: 20_000, seed: 7);

        Assert.AreEqual(await MockAsync(rows: 20_000, seed: 7), rows, "They are those of synth mock.");
        var drawn = (await studio.SyntheticDatasets.ListSyntheticDatasetsAsync(
            new ListSyntheticDatasetsRequest { Parent = project })).SyntheticDatasets.Single(s => s.Generator == generator.Name);
        (await SynthAsync("synthetics", "download", drawn.Name, "--out", Folder["visits.parquet"], "--format", "parquet")).Succeeded();
        Assert.Contains("20,000 rows", (await Command.SynthAsync("profile", Folder["visits.parquet"])).Succeeded().Output);
        var health = await studio.Generators.GetGeneratorHealthAsync(new GetGeneratorHealthRequest { Name = $"{generator.Name}/health" });
        Assert.IsTrue(health.CanSample, health.Problem);
    }

    [TestMethod]
    public async Task Drawing_is_cancelled_like_every_job()
    {
        var studio = new Studio(server.Channel);
        var generator = (await SynthAsync("generators", "declare", Folder["visits.json"], "--id", "many")).Succeeded().Output.Split('\n')[0].Trim();
        var drawn = await studio.SyntheticDatasets.CreateSyntheticDatasetAsync(
            new CreateSyntheticDatasetRequest { Parent = project, SyntheticDataset = new SyntheticDataset { Generator = generator, Rows = 50_000_000 } });
        using var watch = studio.Jobs.WatchJob(new WatchJobRequest { Name = drawn.Job });
        while (await watch.ResponseStream.MoveNext(TestContext.CancellationToken) && !watch.ResponseStream.Current.Metrics.ContainsKey("rows"))
        {
        }

        await studio.Jobs.CancelJobAsync(new CancelJobRequest { Name = drawn.Job });
        while (await watch.ResponseStream.MoveNext(TestContext.CancellationToken))
        {
        }

        Assert.AreEqual(JobState.Cancelled, (await studio.Jobs.GetJobAsync(new GetJobRequest { Name = drawn.Job })).State);
    }

    [TestMethod]
    public async Task By_JSON_it_is_made_and_a_wrong_one_is_refused_with_what_is_wrong()
    {
        using var http = new HttpClient { BaseAddress = server.Http, DefaultRequestHeaders = { { "authorization", $"Bearer {server.Key}" } } };

        using var made = await http.PostAsJsonAsync($"v1/{project}/generators?generatorId=by-json", new { method = "schema", options = new { declaration = Visits } }, TestContext.CancellationToken);
        using var wrong = await http.PostAsJsonAsync(
            $"v1/{project}/generators", new { method = "schema", options = new { declaration = """{"columns": {"age": {"type": "magic"}}}""" } }, TestContext.CancellationToken);

        Assert.IsTrue(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync(TestContext.CancellationToken));
        using var generator = JsonDocument.Parse(await made.Content.ReadAsStringAsync(TestContext.CancellationToken));
        Assert.AreEqual($"{project}/generators/by-json", generator.RootElement.GetProperty("name").GetString());
        Assert.AreEqual(System.Net.HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("the type 'magic' is unknown", JsonDocument.Parse(await wrong.Content.ReadAsStringAsync(TestContext.CancellationToken)).RootElement.GetProperty("message").GetString()!);
    }

    [TestMethod]
    public async Task By_the_command_line_it_draws_on_the_server_and_as_a_package_without_one()
    {
        var generator = (await SynthAsync("generators", "declare", Folder["visits.json"], "--id", "visits", "--display-name", "Visits")).Succeeded().Output.Split('\n')[0].Trim();
        Assert.AreEqual($"{project}/generators/visits", generator);
        (await SynthAsync("generate", "visits", "--rows", "3000", "--seed", "3", "--out", Folder["there.csv"])).Succeeded();
        (await SynthAsync("generators", "export", "visits", "--out", Folder["visits.synth"])).Succeeded();
        (await Command.SynthAsync("generate", Folder["visits.synth"], "--rows", "3000", "--seed", "3", "--out", Folder["here.csv"])).Succeeded();

        var expected = await MockAsync(rows: 3000, seed: 3);
        Assert.AreEqual(expected, await File.ReadAllTextAsync(Folder["there.csv"], TestContext.CancellationToken));
        Assert.AreEqual(expected, await File.ReadAllTextAsync(Folder["here.csv"], TestContext.CancellationToken));
        Assert.Contains("No data was read", (await SynthAsync("generators", "card", "visits")).Succeeded().Output);
        var refused = await SynthAsync("generate", "visits", "--rows", "10", "--given", "ward=north", "--out", Folder["given.csv"]);
        Assert.AreNotEqual(0, refused.ExitCode);
        Assert.Contains("cannot do this", refused.Errors);
    }

    private static async Task<string> MockAsync(int rows, int seed)
    {
        var file = Folder[$"mock-{rows}-{seed}.csv"];
        (await Command.SynthAsync("mock", Folder["visits.json"], "--rows", $"{rows}", "--seed", $"{seed}", "--out", file)).Succeeded();
        return await File.ReadAllTextAsync(file);
    }

    private static Task<CommandResult> SynthAsync(params string[] arguments) =>
        Command.SynthAsync([.. arguments, "--project", project, .. server.AsAdministrator]);
}
