namespace SynthStudio.Api.Tests.Resources;

/// <summary>Generators without a data set: what they draw is declared among their options.</summary>
[TestClass]
public sealed class DeclaredGeneratorTests : ApiTest
{
    private const string Declaration = """{"columns": {"age": {"type": "integer", "min": 1, "max": 9}}}""";

    [TestMethod]
    public async Task It_is_trained_and_draws_like_others_and_nothing_of_it_counts_as_told_of_anybody()
    {
        var (client, project) = await OwnerAsync();
        var generator = await CreateAsync(client, project, Declaration);
        Assert.AreEqual(("", "schema", Declaration, V1.HoldBack.Nothing), (generator.Dataset, generator.Method, generator.Options["declaration"], generator.HoldBack));
        Assert.IsEmpty(generator.Warnings);

        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = generator.Name })).Training;
        var worker = await Server.Worker.TakeAsync(training.Name);
        var spec = (TrainingSpec)worker.Order.Spec;
        Assert.IsFalse(spec.ReadsData);
        Assert.IsEmpty(spec.Inputs);
        await worker.CompleteAsync(("model", "m"));

        generator = await client.Generators.GetGeneratorAsync(new() { Name = generator.Name });
        Assert.AreEqual(V1.GeneratorState.Ready, generator.State);
        Assert.IsTrue(generator.Privacy is { NoData: true, Guaranteed: false, Epsilon: 0 });
        StringAssert.StartsWith(generator.Privacy.DrawingCost, "No data was read");
        Assert.IsEmpty(generator.Privacy.Releases, "There is nobody of whom anything was released.");
        var synthetic = await client.Synthetics.CreateSyntheticDatasetAsync(
            new() { Parent = project, SyntheticDataset = new() { Generator = generator.Name, Rows = 3 } });
        StringAssert.StartsWith(synthetic.PrivacyCost, "No data was read");
        var drawing = await Server.Worker.TakeAsync(synthetic.Job);
        Assert.AreEqual(generator.Model.Sha256, ((GenerationSpec)drawing.Order.Spec).Model.Sha256);
    }

    [TestMethod]
    public async Task Reports_cards_lineage_and_evidence_say_that_no_data_was_read()
    {
        var (client, project) = await OwnerAsync();
        var generator = await TrainedAsync(client, project);

        var report = await client.Privacy.GetPrivacyReportAsync(new() { Name = $"{generator}/privacyReport" });
        var card = await client.Registry.GetModelCardAsync(new() { Name = $"{generator}/modelCard", Format = V1.ModelCardFormat.Markdown });
        var lineage = await client.Registry.GetLineageAsync(new() { Parent = project, Resource = generator });
        var pack = await client.Evidence.CreateEvidencePackAsync(
            new() { Parent = project, EvidencePack = new() { Frameworks = { V1.EvidenceFramework.Gdpr } } });

        foreach (var text in new[] { report.Json, report.Html, card.Content }) Assert.Contains("No data was read", text);
        Assert.DoesNotContain("without differential privacy", report.Json);
        Assert.IsTrue(lineage.Nodes.All(node => node.Id.Length > 0 && node.Kind != V1.LineageKind.Dataset));
        var config = lineage.Nodes.Single(node => node.Kind == V1.LineageKind.Config);
        Assert.AreEqual(Declaration, config.Facts["option declaration"]);
        Assert.IsTrue(lineage.Edges.Any(edge => edge.From == config.Id && edge.To == generator));
        using var evidence = new MemoryStream();
        using var call = client.Evidence.DownloadEvidencePack(new() { Name = pack.Name, Format = V1.EvidenceFormat.Json });
        await foreach (var part in call.ResponseStream.ReadAllAsync(Cancellation)) part.Data.WriteTo(evidence);
        Assert.Contains("read no data: its rows are made from a declaration", System.Text.Encoding.UTF8.GetString(evidence.ToArray()));
    }

    [TestMethod]
    public async Task A_declaration_that_no_worker_can_use_is_refused_before_anything_is_made()
    {
        var (client, project) = await OwnerAsync();

        var (error, info) = await RefusedAsync(StatusCode.InvalidArgument, "INVALID_DECLARATION", () => CreateAsync(client, project, "wrong"));
        Assert.AreEqual(("generator.options[\"declaration\"]", "age"), (info.Metadata["field"], info.Metadata["column"]));
        Assert.Contains("the type is wrong", error.Status.Detail);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => CreateAsync(client, project, ""));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => CreateAsync(client, project, new string(' ', (64 << 10) + 1)));
        await RefusedAsync(StatusCode.InvalidArgument, "UNKNOWN_OPTION", () => CreateAsync(client, project, Declaration, g => g.Options["colour"] = "red"));

        Assert.IsEmpty((await client.Generators.ListGeneratorsAsync(new() { Parent = project })).Generators);
    }

    [TestMethod]
    public async Task What_is_for_those_that_learn_is_refused()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);

        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => CreateAsync(client, tenant.Project, Declaration, g => g.Dataset = tenant.Dataset));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => CreateAsync(
            client, tenant.Project, Declaration, g => g.PrivacyTerms = new() { Epsilon = 1, Delta = 1e-6 }));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => CreateAsync(client, tenant.Project, Declaration, g => g.StartFrom = tenant.Generator));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_NAME", () => CreateAsync(client, tenant.Project, Declaration, g => (g.Method, g.Options["declaration"]) = ("copula", "")));
    }

    [TestMethod]
    public async Task A_draft_gets_another_declaration_but_no_data_and_no_promise()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var generator = (await CreateAsync(client, tenant.Project, Declaration)).Name;

        var other = Declaration.Replace("9", "90", StringComparison.Ordinal);
        Assert.AreEqual(other, (await ChangeAsync(new() { Name = generator, Options = { ["declaration"] = other } })).Options["declaration"]);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_DECLARATION", () => ChangeAsync(new() { Name = generator, Options = { ["declaration"] = "wrong" } }));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => ChangeAsync(new() { Name = generator, PrivacyTerms = new() { Epsilon = 1, Delta = 1e-6 } }));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => ChangeAsync(new() { Name = generator, StartFrom = tenant.Generator }));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => ChangeAsync(new() { Name = generator, Method = "copula" }, "method", "options"));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => ChangeAsync(new() { Name = tenant.Generator, Method = "schema", Options = { ["declaration"] = Declaration } }));
        var held = await ChangeAsync(new() { Name = generator, HoldBack = V1.HoldBack.AndReport, DisplayName = "Made up" });
        Assert.AreEqual((V1.HoldBack.Nothing, "Made up"), (held.HoldBack, held.DisplayName));

        Task<V1.Generator> ChangeAsync(V1.Generator changed, params string[] paths) => client.Generators.UpdateGeneratorAsync(
            new() { Generator = changed, UpdateMask = paths.Length == 0 ? null : new() { Paths = { paths } } }).ResponseAsync;
    }

    [TestMethod]
    public async Task It_is_checked_deleted_and_brought_back_without_a_data_set()
    {
        var (client, project) = await OwnerAsync();
        var estimate = (await client.Generators.CreateGeneratorAsync(
            new() { Parent = project, Generator = new() { Method = "schema", Options = { ["declaration"] = Declaration } }, ValidateOnly = true })).Estimate;
        Assert.AreEqual("schema", estimate.Method);
        StringAssert.StartsWith(estimate.Notes.Single(), "No data was read");
        var generator = await TrainedAsync(client, project);

        await client.Generators.DeleteGeneratorAsync(new() { Name = generator });
        Assert.AreEqual(V1.GeneratorState.Ready, (await client.Generators.UndeleteGeneratorAsync(new() { Name = generator })).State);
        await client.Generators.DeleteGeneratorAsync(new() { Name = generator });
        await client.Generators.PurgeGeneratorAsync(new() { Name = generator });
        await RefusedAsync(StatusCode.NotFound, null, () => client.Generators.GetGeneratorAsync(new() { Name = generator }).ResponseAsync);
    }

    private async Task<string> TrainedAsync(ApiClient client, string project)
    {
        var generator = (await CreateAsync(client, project, Declaration)).Name;
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = generator })).Training;
        var worker = await Server.Worker.TakeAsync(training.Name);
        var model = await Server.Worker.PutAsync(FakePackage.Of("m", method: "schema"));
        await worker.TellAsync(new WorkCompleted(
            new WorkResult(new Dictionary<string, ObjectRef> { ["model"] = model }, new Dictionary<string, double> { ["columns"] = 1 })));
        return generator;
    }

    private static async Task<V1.Generator> CreateAsync(ApiClient client, string project, string declaration, Action<V1.Generator>? change = null)
    {
        var wanted = new V1.Generator { Method = "schema", Options = { ["declaration"] = declaration } };
        change?.Invoke(wanted);
        return await client.Generators.CreateGeneratorAsync(new() { Parent = project, Generator = wanted });
    }
}
