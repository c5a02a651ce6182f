using System.IO.Compression;
using System.Text.Json.Nodes;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Aliases stand for generators; lineage, cards and comparisons are made of what is stored.</summary>
[TestClass]
public sealed class RegistryTests : ApiTest
{
    private const string Manifest = """
        {"FormatVersion":1,"Method":"mst","Facts":{"TrainingRows":3,"DataFingerprint":"","CodeVersion":"9.8.7","Created":"2026-01-02T03:04:05Z","Seed":1,"Options":{}},"Choice":"few | <rows>"}
        """;

    [TestMethod]
    public async Task An_alias_stands_wherever_a_generator_may()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        await AliasAsync(client, tenant, "champion", tenant.Generator);
        var champion = $"{tenant.Project}/generators/champion";

        Assert.AreEqual(tenant.Generator, (await client.Generators.GetGeneratorAsync(new() { Name = champion })).Name);
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = champion })).Training;
        await TrainAsync(training.Name);
        var drawn = await client.Synthetics.CreateSyntheticDatasetAsync(
            new() { Parent = tenant.Project, SyntheticDataset = new() { Generator = champion, Rows = 2 } });
        Assert.AreEqual(tenant.Generator, drawn.Generator, "What it stood for when the rows were drawn.");
        using (var watch = client.Generators.WatchGenerator(new() { Name = champion }, cancellationToken: Cancellation))
        {
            Assert.IsTrue(await watch.ResponseStream.MoveNext(Cancellation));
        }

        await RefusedAsync(StatusCode.AlreadyExists, null, () => client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, GeneratorId = "champion", Generator = new() { Dataset = tenant.Dataset } }).ResponseAsync);
        await RefusedAsync(StatusCode.AlreadyExists, null, () => AliasAsync(client, tenant, "g", tenant.Generator));
        await RefusedAsync(StatusCode.NotFound, null, () => client.Generators.DeleteGeneratorAsync(new() { Name = champion }).ResponseAsync);
        var other = await client.Generators.CreateGeneratorAsync(new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset } });
        await AliasAsync(client, tenant, "champion", other.Name);
        Assert.AreEqual(other.Name, (await client.Generators.GetGeneratorAsync(new() { Name = champion })).Name, "In this process at once.");
        await RefusedAsync(StatusCode.FailedPrecondition, "STILL_USED", () => client.Generators.DeleteGeneratorAsync(new() { Name = other.Name }).ResponseAsync);

        var named = (await client.Registry.ListGeneratorAliasesAsync(new() { Parent = tenant.Project })).GeneratorAliases;
        Assert.AreEqual(other.Name, named.Single(a => a.Name.EndsWith("/champion", StringComparison.Ordinal)).Generator);
        await client.Registry.DeleteGeneratorAliasAsync(new() { Name = $"{tenant.Project}/generatorAliases/champion" });
        await RefusedAsync(StatusCode.NotFound, null, () => client.Generators.GetGeneratorAsync(new() { Name = champion }).ResponseAsync);
    }

    [TestMethod]
    public async Task An_alias_that_is_set_while_its_generator_is_deleted_never_stands_for_nothing()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        for (var i = 0; i < 15; i++)
        {
            var (alias, delay) = ($"a{i}", TimeSpan.FromMilliseconds(i % 5));
            var generator = await client.Generators.CreateGeneratorAsync(new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset } });

            await Task.WhenAll(
                EndAsync(() => AliasAsync(client, tenant, alias, generator.Name)), // The longer way to its change.
                EndAsync(async () =>
                {
                    await Task.Delay(delay, Cancellation);
                    await client.Generators.DeleteGeneratorAsync(new() { Name = generator.Name }, cancellationToken: Cancellation);
                }));

            var stands = (await client.Registry.ListGeneratorAliasesAsync(new() { Parent = tenant.Project })).GeneratorAliases
                .Any(a => a.Generator == generator.Name);
            if (stands) Assert.AreEqual(generator.Name, (await client.Generators.GetGeneratorAsync(new() { Name = $"{tenant.Project}/generators/{alias}" })).Name);
        }

        static async Task EndAsync(Func<Task> call)
        {
            try
            {
                await call();
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition)
            {
                // Of the two one is refused, or both.
            }
        }
    }

    [TestMethod]
    public async Task Aliases_of_other_projects_and_of_nothing_are_refused()
    {
        var (tenant, other) = (await Tenant.CreateAsync(Server), await Tenant.CreateAsync(Server));
        using var client = Server.Client(tenant.Key);
        await RefusedAsync(StatusCode.NotFound, null, () => AliasAsync(client, tenant, "champion", other.Generator));
        await RefusedAsync(StatusCode.NotFound, null, () => AliasAsync(client, tenant, "champion", $"{tenant.Project}/generators/none"));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_NAME", () => AliasAsync(client, tenant, "Champion!", tenant.Generator));
        await RefusedAsync(StatusCode.NotFound, null, () => client.Registry.GetLineageAsync(
            new() { Parent = tenant.Project, Resource = other.Dataset }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => client.Registry.GetGeneratorComparisonAsync(
            new() { Name = tenant.Generator, Other = other.Generator }).ResponseAsync);
    }

    [TestMethod]
    public async Task Lineage_leads_from_a_data_set_to_the_report()
    {
        var tenant = await TrainedAsync();
        using var client = Server.Client(tenant.Key);

        var lineage = await client.Registry.GetLineageAsync(new() { Parent = tenant.Project, Resource = tenant.Evaluation });

        CollectionAssert.IsSubsetOf(
            new[] { tenant.Dataset, tenant.Generator, tenant.Synthetic, tenant.Evaluation, "code:9.8.7" }, lineage.Nodes.Select(n => n.Id).ToArray());
        var places = lineage.Nodes.Select((n, i) => (n.Id, i)).ToDictionary(n => n.Id, n => n.i);
        Assert.IsTrue(lineage.Edges.All(e => places[e.From] < places[e.To]), "Origins before what came of them.");
        var config = lineage.Nodes.Single(n => n.Kind == V1.LineageKind.Config);
        Assert.AreEqual("rows, with a report", config.Facts["held_back"]);
        foreach (var origin in new[] { tenant.Dataset, config.Id, "code:9.8.7" })
            Assert.IsTrue(lineage.Edges.Any(e => e.From == origin && e.To == tenant.Generator), origin);
        var fromData = await client.Registry.GetLineageAsync(new() { Parent = tenant.Project, Resource = tenant.Dataset });
        CollectionAssert.IsSubsetOf(lineage.Nodes.Select(n => n.Id).ToArray(), fromData.Nodes.Select(n => n.Id).ToArray(), "The other way round all of that, too.");

        var store = Server.Get<DatasetStore>();
        await store.CreateAsync((await store.FindAsync(tenant.Dataset))! with { Name = $"{tenant.Project}/datasets/v2", Line = tenant.Dataset, PreviousVersion = $"{tenant.Project}/datasets/gone", Version = 1 });
        var version = await client.Registry.GetLineageAsync(new() { Parent = tenant.Project, Resource = $"{tenant.Project}/datasets/v2" });
        Assert.IsFalse(version.Nodes.Single(n => n.Id.EndsWith("/gone", StringComparison.Ordinal)).Exists, "What is deleted is still named.");
    }

    [TestMethod]
    public async Task Lineage_leads_to_generators_that_learned_on_from_a_model()
    {
        var tenant = await TrainedAsync();
        using var client = Server.Client(tenant.Key);
        var child = await client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset, StartFrom = tenant.Generator } });
        await TrainAsync((await client.Generators.TrainGeneratorAsync(new() { Name = child.Name })).Training.Name);
        var grandchild = await client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset, StartFrom = child.Name } });

        foreach (var resource in new[] { tenant.Generator, tenant.Dataset, grandchild.Name })
        {
            var lineage = await client.Registry.GetLineageAsync(new() { Parent = tenant.Project, Resource = resource });
            var edges = lineage.Edges.Select(e => (e.From, e.To)).ToList();
            CollectionAssert.IsSubsetOf(new[] { (tenant.Generator, child.Name), (child.Name, grandchild.Name) }, edges, resource);
            Assert.AreEqual(resource != grandchild.Name, lineage.Nodes.Any(n => n.Id == tenant.Synthetic), "What else came of an origin is left out.");
        }
    }

    [TestMethod]
    public async Task Lineage_ends_where_there_are_too_many_versions()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var store = Server.Get<DatasetStore>();
        var last = (await store.FindAsync(tenant.Dataset))!;
        for (var i = 1; i <= 1010; i++)
        {
            last = last with { Name = $"{tenant.Project}/datasets/v{i}", Line = tenant.Dataset, PreviousVersion = last.Name, Version = 1 };
            await store.CreateAsync(last, Cancellation);
        }

        var lineage = await client.Registry.GetLineageAsync(new() { Parent = tenant.Project, Resource = last.Name });

        Assert.IsTrue(lineage.Truncated);
        Assert.HasCount(1000, lineage.Nodes);
        Assert.HasCount(999, lineage.Edges, "Only between nodes that there are.");
        Assert.AreEqual(last.Name, lineage.Nodes[^1].Id);
        for (var i = 1; i < 1000; i++) Assert.IsTrue(lineage.Edges.Any(e => e.From == lineage.Nodes[i - 1].Id && e.To == lineage.Nodes[i].Id), "Origins first.");
    }

    [TestMethod]
    public async Task A_card_tells_stored_facts_and_what_was_not_measured()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var draft = await CardAsync(client, tenant);
        Assert.AreEqual(("not measured", "not measured", "not stored"), (Text(draft, "training_figures", "all"), Text(draft, "evaluations", "all"), Text(draft, "model", "sha256")));

        tenant = await TrainedAsync();
        using var owner = Server.Client(tenant.Key);
        var card = await CardAsync(owner, tenant);
        Assert.AreEqual(("9.8.7", "1 of 1", "False"), (Text(card, "model", "code_version"), Text(card, "data", "version"), card["privacy"]!["guaranteed"]!.GetValue<bool>().ToString()));
        Assert.AreEqual(3, card["training_figures"]!["rows"]!.GetValue<double>());
        Assert.AreEqual(.5, card["evaluations"]!["e: accuracy"]!.GetValue<double>());
        var markdown = (await owner.Registry.GetModelCardAsync(new() { Name = $"{tenant.Generator}/modelCard", Format = V1.ModelCardFormat.Markdown })).Content;
        Assert.Contains(@"few \| \<rows\>", markdown);
        var html = (await owner.Registry.GetModelCardAsync(new() { Name = $"{tenant.Generator}/modelCard", Format = V1.ModelCardFormat.Html })).Content;
        Assert.Contains("few | &lt;rows&gt;", html);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => owner.Registry.GetModelCardAsync(
            new() { Name = $"{tenant.Generator}/modelCard", Format = (V1.ModelCardFormat)9 }).ResponseAsync);
        Assert.HasCount(4, (await owner.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = new() { Method = "RegistryService/GetModelCard" } })).AuditEntries);
    }

    [TestMethod]
    public async Task A_card_finds_what_was_measured_of_its_model_however_many_rows_were_drawn_since()
    {
        var tenant = await TrainedAsync();
        using var client = Server.Client(tenant.Key);
        var store = Server.Get<SyntheticDatasetStore>();
        var drawn = (await store.FindAsync(tenant.Synthetic))!;
        for (var i = 1; i <= 51; i++) await store.CreateAsync(drawn with { Name = $"{drawn.Name}{i}", CreateTime = drawn.CreateTime.AddMinutes(i), Version = 1 });

        Assert.AreEqual(.5, (await CardAsync(client, tenant))["evaluations"]!["e: accuracy"]!.GetValue<double>());
        Assert.AreEqual(
            .5,
            (await client.Registry.GetGeneratorComparisonAsync(new() { Name = tenant.Generator, Other = tenant.Generator })).Figures
                .Single(f => f.Name == "evaluation accuracy").Value);
    }

    [TestMethod]
    public async Task A_cards_version_is_the_same_when_an_earlier_one_is_gone_for_good()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var store = Server.Get<DatasetStore>();
        var first = (await store.FindAsync(tenant.Dataset))!;
        var second = first with { Name = $"{tenant.Project}/datasets/second", Line = first.Name, PreviousVersion = first.Name, CreateTime = first.CreateTime.AddMinutes(1), Version = 1 };
        await store.CreateAsync(second);
        await client.Generators.CreateGeneratorAsync(new() { Parent = tenant.Project, GeneratorId = "later", Generator = new() { Dataset = second.Name } });
        Assert.AreEqual("2 of 2", await VersionAsync());

        await store.UpdateAsync(second with { DisplayName = "By who read it before it was numbered" });
        await store.PurgeAsync(first.Name, first.CreateTime);
        Assert.AreEqual("2 of 2", await VersionAsync());
        await store.CreateAsync(second with { Name = $"{tenant.Project}/datasets/third", PreviousVersion = second.Name, CreateTime = first.CreateTime.AddMinutes(2) });
        Assert.AreEqual("2 of 3", await VersionAsync());

        async Task<string> VersionAsync() => Text(JsonNode.Parse((await client.Registry.GetModelCardAsync(new() { Name = $"{tenant.Project}/generators/later/modelCard" })).Content)!.AsObject(), "data", "version");
    }

    [TestMethod]
    public async Task A_card_without_its_table_does_not_say_that_no_column_is_marked()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        Assert.AreEqual("none", Text(await CardAsync(client, tenant), "data", "marked_columns"));
        await Server.Get<DatasetStore>().PurgeAsync(tenant.Dataset, TimeProvider.System.GetUtcNow());
        var card = await CardAsync(client, tenant);
        Assert.AreEqual(("not stored", "not stored", "not stored"), (Text(card, "data", "marked_columns"), Text(card, "data", "version"), Text(card, "data", "display_name")));
    }

    [TestMethod]
    public async Task Two_generators_are_laid_side_by_side()
    {
        var tenant = await TrainedAsync();
        using var client = Server.Client(tenant.Key);
        var other = await client.Generators.CreateGeneratorAsync(new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset, Seed = 5 } });

        var compared = await client.Registry.GetGeneratorComparisonAsync(new() { Name = tenant.Generator, Other = other.Name });

        Assert.IsTrue(compared.SameData);
        Assert.IsFalse(compared.SameConfig);
        var seed = compared.Differences.Single();
        Assert.AreEqual(("seed", "0", "5"), (seed.Field, seed.Value, seed.OtherValue));
        var rows = compared.Figures.Single(f => f.Name == "training rows");
        Assert.AreEqual((3.0, false), (rows.Value, rows.HasOtherValue));
        Assert.AreEqual(.5, compared.Figures.Single(f => f.Name == "evaluation accuracy").Value);
    }

    [TestMethod]
    public async Task An_evaluation_beside_another_table_says_so_and_is_not_laid_side_by_side()
    {
        var tenant = await TrainedAsync();
        using var client = Server.Client(tenant.Key);
        var (store, others) = (Server.Get<EvaluationStore>(), $"{tenant.Project}/datasets/others");
        var own = (await store.FindAsync(tenant.Evaluation))!;
        await store.CreateAsync(own with
        {
            Name = $"{tenant.Project}/evaluations/beside", Dataset = others, CreateTime = own.CreateTime.AddMinutes(1), Metrics = new Dictionary<string, double> { ["accuracy"] = .9 }, Version = 1,
        });

        var card = await CardAsync(client, tenant);
        Assert.AreEqual((tenant.Dataset, others), (Text(card, "evaluations", "e: compared_with"), Text(card, "evaluations", "beside: compared_with")));
        Assert.AreEqual(
            .5,
            (await client.Registry.GetGeneratorComparisonAsync(new() { Name = tenant.Generator, Other = tenant.Generator })).Figures
                .Single(f => f.Name == "evaluation accuracy").Value);
    }

    [TestMethod]
    public async Task A_model_has_the_figures_of_its_own_training_and_rows_and_none_of_an_earlier_one()
    {
        var tenant = await TrainedAsync();
        using var client = Server.Client(tenant.Key);
        var drawn = await client.Synthetics.CreateSyntheticDatasetAsync(
            new() { Parent = tenant.Project, SyntheticDataset = new() { Generator = tenant.Generator, Rows = 1 } });
        var drawing = await Server.Worker.TakeAsync(drawn.Job);
        var (store, scores) = (Server.Get<SyntheticDatasetStore>(), Server.Get<EvaluationStore>());

        // Trained again while the rows are drawn: they are those of the model that the worker was given.
        var failing = await Server.Worker.TakeAsync((await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training.Name);
        Assert.AreEqual((3.0, .5), Figures(await CardAsync(client, tenant)), "While it learns anew, the model is the one before.");
        await failing.FailAsync("ODD");
        Assert.AreEqual((3.0, .5), Figures(await CardAsync(client, tenant)), "A training that failed made no model.");
        var old = Text(await CardAsync(client, tenant), "model", "sha256");
        await TrainAsync(
            (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training.Name,
            Manifest.Replace("9.8.7", "9.8.8", StringComparison.Ordinal), rows: 4);
        await drawing.PartAsync(0, "a,b\n1,2\n");
        await drawing.CompleteAsync();

        Assert.AreEqual(old, (await client.Synthetics.GetSyntheticDatasetAsync(new() { Name = drawn.Name })).ModelSha256);
        await scores.CreateAsync((await scores.FindAsync(tenant.Evaluation))! with
        {
            Name = $"{tenant.Project}/evaluations/late", SyntheticDataset = drawn.Name, Metrics = new Dictionary<string, double> { ["accuracy"] = .7 }, Version = 1,
        });
        await store.CreateAsync((await store.FindAsync(tenant.Synthetic))! with { Name = $"{tenant.Project}/syntheticDatasets/older", ModelSha256 = "", Version = 1 });
        await scores.CreateAsync((await scores.FindAsync(tenant.Evaluation))! with
        {
            Name = $"{tenant.Project}/evaluations/older", SyntheticDataset = $"{tenant.Project}/syntheticDatasets/older", Metrics = new Dictionary<string, double> { ["accuracy"] = .9 }, Version = 1,
        });
        var card = await CardAsync(client, tenant);
        Assert.AreNotEqual(old, Text(card, "model", "sha256"));
        Assert.AreEqual(4, card["training_figures"]!["rows"]!.GetValue<double>());
        Assert.AreEqual("not measured", Text(card, "evaluations", "all"), "Nobody looked at rows of this model.");
        var others = card["evaluations_of_an_earlier_or_unknown_model"]!;
        Assert.AreEqual((.5, .7, .9), (Of("e"), Of("late"), Of("older")));
        var compared = await client.Registry.GetGeneratorComparisonAsync(new() { Name = tenant.Generator, Other = tenant.Generator });
        Assert.AreEqual(4, compared.Figures.Single(f => f.Name.EndsWith(" rows", StringComparison.Ordinal)).Value);
        Assert.DoesNotContain("evaluation accuracy", compared.Figures.Select(f => f.Name));
        var lineage = await client.Registry.GetLineageAsync(new() { Parent = tenant.Project, Resource = tenant.Evaluation });
        Assert.AreEqual("an earlier or unknown model", lineage.Nodes.Single(n => n.Id == tenant.Synthetic).Facts["drawn_from"]);

        double Of(string evaluation) => others[$"{evaluation}: accuracy"]!.GetValue<double>();

        static (double Rows, double Accuracy) Figures(JsonObject card) => (card["training_figures"]!["rows"]!.GetValue<double>(), card["evaluations"]!["e: accuracy"]!.GetValue<double>());
    }

    /// <summary>A tenant with a model, rows drawn from it, and a report on them.</summary>
    private async Task<Tenant> TrainedAsync()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var model = await TrainAsync((await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training.Name);
        var synthetics = Server.Get<SyntheticDatasetStore>();
        await synthetics.UpdateAsync((await synthetics.FindAsync(tenant.Synthetic))! with { State = ArtifactState.Ready, ModelSha256 = model.Sha256 });
        var store = Server.Get<EvaluationStore>();
        await store.UpdateAsync((await store.FindAsync(tenant.Evaluation))! with
        {
            State = ArtifactState.Ready, Metrics = new Dictionary<string, double> { ["accuracy"] = .5 },
        });
        return tenant;
    }

    private async Task<ObjectRef> TrainAsync(string job, string manifest = Manifest, int rows = 3)
    {
        var worker = await Server.Worker.TakeAsync(job);
        using var package = new MemoryStream();
        using (var zip = new ZipArchive(package, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var entry = new StreamWriter(zip.CreateEntry("manifest.json").Open());
            await entry.WriteAsync(manifest);
        }

        package.Position = 0;
        var model = await Server.Get<IObjectStore>().PutAsync(package, "application/zip");
        await worker.TellAsync(new WorkCompleted(new WorkResult(
            new Dictionary<string, ObjectRef> { ["model"] = model }, new Dictionary<string, double> { ["rows"] = rows })));
        return model;
    }

    private static Task<V1.GeneratorAlias> AliasAsync(ApiClient client, Tenant tenant, string alias, string generator) =>
        client.Registry.SetGeneratorAliasAsync(new() { Parent = tenant.Project, AliasId = alias, Generator = generator }).ResponseAsync;

    private static async Task<JsonObject> CardAsync(ApiClient client, Tenant tenant) =>
        JsonNode.Parse((await client.Registry.GetModelCardAsync(new() { Name = $"{tenant.Generator}/modelCard" })).Content)!.AsObject();

    private static string Text(JsonObject card, string section, string name) => card[section]![name]!.GetValue<string>();
}
