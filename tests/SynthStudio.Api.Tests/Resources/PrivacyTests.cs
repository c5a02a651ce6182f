using System.Globalization;
using System.Text.Json;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Budgets, private trainings and what the API says of them.</summary>
[TestClass]
public sealed partial class PrivacyTests : ApiTest
{
    [TestMethod]
    public async Task A_budget_is_set_spent_and_refuses_what_does_not_fit_with_what_would()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var budget = tenant.Dataset + "/privacyBudget";

        var (_, none) = await RefusedAsync(StatusCode.FailedPrecondition, "PRIVACY_BUDGET_NOT_SET", () => TrainAsync(client, tenant, epsilon: 1));
        Assert.AreEqual("0", none.Metadata["budget_epsilon"]);
        var set = await client.Privacy.SetPrivacyBudgetAsync(new() { PrivacyBudget = new() { Name = budget, Epsilon = 1.5, Delta = 1e-5 } });
        Assert.AreEqual((1.5, 1.5, V1.PrivacyBadge.Unreleased), (set.Epsilon, set.RemainingEpsilon, set.Badge));

        var generator = await TrainAsync(client, tenant, epsilon: 1);
        Assert.AreEqual("dp-scripted", generator.Method, "A method that can keep the terms is chosen.");
        var (_, refusal) = await RefusedAsync(StatusCode.FailedPrecondition, "PRIVACY_BUDGET_EXHAUSTED", () => TrainAsync(client, tenant, epsilon: 0.6));
        Assert.AreEqual("0.6", refusal.Metadata["asked_epsilon"]);
        Assert.AreEqual(0.5, double.Parse(refusal.Metadata["remaining_epsilon"], CultureInfo.InvariantCulture), 1e-9);
        var fits = double.Parse(refusal.Metadata["fits_epsilon"], CultureInfo.InvariantCulture);
        await TrainAsync(client, tenant, fits);

        var after = await client.Privacy.GetPrivacyBudgetAsync(new() { Name = budget });
        Assert.AreEqual(1.5, after.SpentEpsilon, 1e-6, "What was said to fit did fit, and nothing is left.");
    }

    [TestMethod]
    public async Task The_same_request_reserves_once_and_a_validated_one_nothing()
    {
        var tenant = await BudgetedAsync(2);
        using var client = Server.Client(tenant.Key);
        var generator = await CreateAsync(client, tenant, 1);
        var id = Guid.NewGuid().ToString();

        await client.Generators.TrainGeneratorAsync(new() { Name = generator.Name, ValidateOnly = true });
        Assert.AreEqual(0, (await BudgetAsync(client, tenant)).SpentEpsilon);
        await client.Generators.TrainGeneratorAsync(new() { Name = generator.Name, RequestId = id });
        await client.Generators.TrainGeneratorAsync(new() { Name = generator.Name, RequestId = id });

        Assert.AreEqual(1, (await BudgetAsync(client, tenant)).SpentEpsilon, 1e-9);
        var tooMuch = await CreateAsync(client, tenant, 1.5);
        await RefusedAsync(StatusCode.FailedPrecondition, "PRIVACY_BUDGET_EXHAUSTED", () => client.Generators.TrainGeneratorAsync(
            new() { Name = tooMuch.Name, ValidateOnly = true }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_training_is_estimated_before_it_is_paid_for()
    {
        var tenant = await BudgetedAsync(2);
        using var client = Server.Client(tenant.Key);
        const long Seed = 7_043;
        var wanted = new V1.Generator
        {
            Dataset = tenant.Dataset, Method = "dp-scripted", Seed = Seed,
            PrivacyTerms = new() { Epsilon = 1.5, Delta = 1e-6, Rows = 25_600 },
        };
        var preview = (await client.Generators.CreateGeneratorAsync(new() { Parent = tenant.Project, Generator = wanted, ValidateOnly = true })).Estimate;
        var generator = await client.Generators.CreateGeneratorAsync(new() { Parent = tenant.Project, Generator = wanted });
        Assert.IsNull(generator.Estimate);

        var estimate = (await client.Generators.TrainGeneratorAsync(new() { Name = generator.Name, ValidateOnly = true })).Estimate;

        Assert.AreEqual(preview, estimate);
        Assert.AreEqual((1.5, 1e-6, 0.5), (estimate.Epsilon, estimate.Delta, Math.Round(estimate.RemainingEpsilon, 9)));
        Assert.AreEqual((0.01, 400L), (estimate.SampleRate, estimate.Steps));
        var steps = await client.Privacy.ComputeEpsilonAsync(
            new() { NoiseMultiplier = estimate.NoiseMultiplier, SampleRate = 0.01, Steps = 400, Delta = 1e-6 });
        Assert.IsTrue(steps.Epsilon is > 1.2 and < 1.5, $"A tenth of the promise buys marginals; the steps spend {steps.Epsilon}.");
        Assert.IsGreaterThan(1L << 27, estimate.MemoryBytes);
        Assert.IsNull(estimate.ProcessorTime);
        Assert.Contains("not measured", string.Join(' ', estimate.Notes), "No figure is invented.");
        var asked = Server.Get<FakeMethods>().Asked.First(question => question.Training.Seed == Seed);
        Assert.AreEqual((0L, 0), (asked.Rows, asked.Columns), "The table is not looked at.");

        var beyond = wanted.Clone();
        beyond.PrivacyTerms.Epsilon = 3;
        var refused = (await client.Generators.CreateGeneratorAsync(new() { Parent = tenant.Project, Generator = beyond, ValidateOnly = true })).Estimate;
        Assert.Contains("does not fit", string.Join(' ', refused.Notes));
        Assert.AreEqual(0, (await BudgetAsync(client, tenant)).SpentEpsilon);
    }

    [TestMethod]
    public async Task Parts_of_a_data_set_are_paid_for_side_by_side_once_an_owner_declared_them()
    {
        var tenant = await BudgetedAsync(1);
        using var client = Server.Client(tenant.Key);
        await RefusedAsync(StatusCode.InvalidArgument, "PRIVACY_PART_UNKNOWN", () => PartAsync("north", 0.5));
        var overlapping = new V1.PrivacyPartition
        {
            Column = "a",
            Parts =
            {
                new V1.PrivacyPart { Name = "north", Values = { "1", "2" } }, new V1.PrivacyPart { Name = "south", Values = { "2" } },
            },
        };
        var (_, overlap) = await RefusedAsync(StatusCode.InvalidArgument, "PARTS_OVERLAP", () => DeclareAsync(overlapping));
        Assert.AreEqual("partition.parts", overlap.Metadata["field"]);
        overlapping.Parts[1].Values[0] = "3";
        await DeclareAsync(overlapping);

        var north = await PartAsync("north", 0.8);
        await PartAsync("south", 0.9);
        Assert.AreEqual("north", north.PrivacyTerms.Part);
        var budget = await BudgetAsync(client, tenant);
        Assert.AreEqual(0.9, budget.SpentEpsilon, 1e-9, "Not 1.7.");
        CollectionAssert.AreEqual(
            new[] { 0.8, 0.9 }, budget.Populations.Single().Partitions.Single().Parts.Select(p => Math.Round(p.SpentEpsilon, 9)).ToList());
        await RefusedAsync(StatusCode.FailedPrecondition, "PRIVACY_BUDGET_EXHAUSTED", () => PartAsync("south", 0.2));
        await RefusedAsync(StatusCode.FailedPrecondition, "PRIVACY_BUDGET_EXHAUSTED", () => TrainAsync(client, tenant, 0.2));
        await RefusedAsync(StatusCode.FailedPrecondition, "PRIVACY_PARTITION_IN_USE", () => DeclareAsync(new() { Column = "b", Buckets = 4 }));
        await RefusedAsync(StatusCode.FailedPrecondition, "PRIVACY_PARTITION_NOT_BY_UNIT", () => PartAsync("north", 0.1, unit: "b"));
        var fits = await client.Privacy.ValidatePrivacyConfigAsync(
            new() { Parent = tenant.Dataset, Config = new() { Terms = new() { Epsilon = 0.05, Delta = 1e-6, Part = "north" } } });
        Assert.AreEqual(0.2, fits.FitsEpsilon, 1e-6, "In the north there is room for more than in the south.");

        var events = (await client.Privacy.ListPrivacyEventsAsync(new() { Parent = tenant.Dataset })).PrivacyEvents;
        CollectionAssert.AreEqual(new[] { "south", "north" }, events.Where(e => e.Kind == V1.PrivacyEventKind.Reserved).Select(e => e.Part).ToList());
        Assert.AreEqual("a", events.Single(e => e.Kind == V1.PrivacyEventKind.PartitionDeclared).Partition.Column);

        async Task<V1.PrivacyBudget> DeclareAsync(V1.PrivacyPartition partition) =>
            await client.Privacy.DeclarePrivacyPartitionAsync(new() { Parent = tenant.Dataset, Partition = partition });

        async Task<V1.Generator> PartAsync(string part, double epsilon, string unit = "")
        {
            var terms = new V1.PrivacyTerms { Epsilon = epsilon, Delta = 1e-6, Part = part, UnitColumn = unit };
            var made = await client.Generators.CreateGeneratorAsync(
                new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset, PrivacyTerms = terms } });
            return await client.Generators.TrainGeneratorAsync(new() { Name = made.Name });
        }
    }

    [TestMethod]
    public async Task A_private_model_states_its_promise_lists_its_events_and_has_a_report()
    {
        var tenant = await BudgetedAsync(3);
        using var client = Server.Client(tenant.Key);
        var generator = await TrainedAsync(client, tenant, 1);

        Assert.IsTrue(generator.Privacy.Guaranteed);
        Assert.AreEqual(
            (1.0, 1e-6, "row", V1.PrivacyLeaseState.Committed),
            (generator.Privacy.Epsilon, generator.Privacy.Delta, generator.Privacy.Unit, generator.Privacy.Lease.State));
        Assert.Contains("costs no privacy", generator.Privacy.DrawingCost);
        var events = await client.Privacy.ListPrivacyEventsAsync(new() { Parent = tenant.Dataset });
        CollectionAssert.AreEqual(
            new[] { V1.PrivacyEventKind.Committed, V1.PrivacyEventKind.Touched, V1.PrivacyEventKind.Reserved, V1.PrivacyEventKind.BudgetSet },
            events.PrivacyEvents.Select(e => e.Kind).ToList());
        Assert.AreEqual(tenant.User, events.PrivacyEvents[2].Actor);
        var first = await client.Privacy.ListPrivacyEventsAsync(new() { Parent = tenant.Dataset, PageSize = 3 });
        var second = await client.Privacy.ListPrivacyEventsAsync(new() { Parent = tenant.Dataset, PageSize = 3, PageToken = first.NextPageToken });
        CollectionAssert.AreEqual(
            events.PrivacyEvents.Select(e => e.Name).ToList(),
            first.PrivacyEvents.Concat(second.PrivacyEvents).Select(e => e.Name).ToList());

        var report = await client.Privacy.GetPrivacyReportAsync(new() { Name = generator.Name + "/privacyReport" });
        using var json = JsonDocument.Parse(report.Json);
        var root = json.RootElement;
        Assert.AreEqual(1e-6, root.GetProperty("promise").GetProperty("delta").GetDouble());
        var attack = root.GetProperty("attacker").EnumerateArray().ToDictionary(a => a.GetProperty("false_positive_rate").GetDouble(), a => a.GetProperty("true_positive_rate").GetDouble());
        Assert.IsTrue(attack[0.01] is > 0.01 and < 0.02, $"sigma 6: {attack[0.01]}");
        Assert.IsGreaterThanOrEqualTo(10, root.GetProperty("hazards").GetArrayLength());
        Assert.DoesNotContain("compliant", report.Json);
        Assert.AreEqual(V1.PrivacyBadge.Guaranteed, (await client.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset })).PrivacyBadge);
        Assert.Contains("<h1>Privacy report</h1>", report.Html);
        Assert.DoesNotContain("<script", report.Html);
    }

    [TestMethod]
    public async Task Releases_without_a_promise_are_on_record_and_change_the_badge()
    {
        var tenant = await BudgetedAsync(3);
        using var client = Server.Client(tenant.Key);
        await TrainedAsync(client, tenant, 1);

        await client.Datasets.GetDatasetProfileAsync(new() { Name = tenant.Dataset + "/profile" });
        await client.Datasets.GetDatasetProfileAsync(new() { Name = tenant.Dataset + "/profile" });
        var open = await client.Generators.CreateGeneratorAsync(new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset } });
        await FinishAsync(client, await client.Generators.TrainGeneratorAsync(new() { Name = open.Name }));

        var listed = (await client.Privacy.ListPrivacyEventsAsync(new() { Parent = tenant.Dataset })).PrivacyEvents
            .Where(e => e.Kind == V1.PrivacyEventKind.NonPrivate).ToList();
        CollectionAssert.AreEqual(new[] { "model", "profile" }, listed.Select(e => e.What).ToList(), "Each once.");
        Assert.AreEqual(V1.PrivacyBadge.NotGuaranteed, (await BudgetAsync(client, tenant)).Badge);
        var found = (await client.Datasets.ListDatasetsAsync(new() { Parent = tenant.Project })).Datasets.Single(d => d.Name == tenant.Dataset);
        Assert.AreEqual(V1.PrivacyBadge.NotGuaranteed, found.PrivacyBadge);
    }

    [TestMethod]
    public async Task A_report_on_private_rows_is_refused_unless_its_caller_knows_what_it_is()
    {
        var tenant = await BudgetedAsync(3);
        using var client = Server.Client(tenant.Key);
        var generator = await TrainedAsync(client, tenant, 1);
        var synthetic = await client.Synthetics.CreateSyntheticDatasetAsync(
            new() { Parent = tenant.Project, SyntheticDataset = new() { Generator = generator.Name, Rows = 1 } });
        Assert.Contains("costs no privacy", synthetic.PrivacyCost);
        var drawing = await Server.Worker.TakeAsync(synthetic.Job);
        await drawing.PartAsync(0, "a,b\n1,2\n");
        await drawing.CompleteAsync();
        await EventuallyAsync(
            async () => await client.Synthetics.GetSyntheticDatasetAsync(new() { Name = synthetic.Name }),
            s => s.State == V1.SyntheticDatasetState.Ready);
        Assert.AreEqual(1, (await BudgetAsync(client, tenant)).Populations[0].PrivateReleases, "Drawing costs nothing.");

        await RefusedAsync(StatusCode.FailedPrecondition, "OUTSIDE_GUARANTEE", () => client.Evaluations.CreateEvaluationAsync(
            new() { Parent = tenant.Project, Evaluation = new() { Dataset = tenant.Dataset, SyntheticDataset = synthetic.Name } }).ResponseAsync);
        var accepted = await client.Evaluations.CreateEvaluationAsync(new()
        {
            Parent = tenant.Project, Evaluation = new() { Dataset = tenant.Dataset, SyntheticDataset = synthetic.Name, OutsideGuarantee = true },
        });

        var scoring = await Server.Worker.TakeAsync(accepted.Job);
        Assert.IsNotNull(((EvaluationSpec)scoring.Order.Spec).Generator?.Epsilon, "By it the worker marks the report.");
        Assert.AreEqual(V1.PrivacyBadge.NotGuaranteed, (await BudgetAsync(client, tenant)).Badge);

        // A withheld table stays open to that, and to nothing else; nobody reads its values.
        var store = Server.Get<DatasetStore>();
        await store.UpdateAsync((await store.FindAsync(tenant.Dataset))! with { Withheld = true });
        var ofWithheld = new V1.CreateEvaluationRequest
        {
            Parent = tenant.Project, Evaluation = new() { Dataset = tenant.Dataset, SyntheticDataset = synthetic.Name },
            ValidateOnly = true,
        };
        await RefusedAsync(StatusCode.FailedPrecondition, "OUTSIDE_GUARANTEE", () => client.Evaluations.CreateEvaluationAsync(ofWithheld).ResponseAsync);
        ofWithheld.Evaluation.OutsideGuarantee = true;
        await client.Evaluations.CreateEvaluationAsync(ofWithheld);
        ofWithheld.Evaluation.HoldoutDataset = tenant.Dataset;
        await RefusedAsync(StatusCode.FailedPrecondition, "DATASET_WITHHELD", () => client.Evaluations.CreateEvaluationAsync(ofWithheld).ResponseAsync);
        await scoring.CompleteAsync(("report", """{"histograms":[{"column":"a","labels":["7"]}],"metrics":{"shape":0.9}}"""));
        await EventuallyAsync(
            async () => await client.Evaluations.GetEvaluationAsync(new() { Name = accepted.Name }),
            e => e.State == V1.EvaluationState.Ready);
        var report = await client.Evaluations.GetEvaluationReportAsync(new() { Name = $"{accepted.Name}/report" });
        Assert.IsTrue(report.Guarded);
        Assert.StartsWith("""{"histograms":[],"metrics":{"shape":0.9},"left_out":["distributions and groups of a","counts of fewer than five people""", report.Json);
    }

    [TestMethod]
    public async Task A_withheld_table_tells_nothing_and_is_learned_under_terms_only_by_what_was_declared()
    {
        var (client, project) = await OwnerAsync();
        var upload = await client.Uploads.CreateUploadAsync(
            new() { Parent = project, Upload = new() { FileName = "t.csv", SchemaJson = """{"columns":{"a":"integer"}}""", Withheld = true } });
        var dataset = await CompleteAsync(client, upload);
        var profiling = await Server.Worker.TakeAsync(dataset.Job);
        Assert.IsTrue(((ProfilingSpec)profiling.Order.Spec).Withheld);
        await profiling.CompleteAsync(("fingerprints", """{"whole":true,"fingerprints":"AAAAAAAAAAE=","repeated":0,"groups":""}"""));
        var ready = await EventuallyAsync(
            async () => await client.Datasets.GetDatasetAsync(new() { Name = dataset.Name }), d => d.State == V1.DatasetState.Ready);

        Assert.AreEqual("""{"columns":{"a":"integer"}}""", ready.SchemaJson);
        await RefusedAsync(StatusCode.FailedPrecondition, "DATASET_WITHHELD", () => client.Datasets.GetDatasetProfileAsync(new() { Name = ready.Name + "/profile" }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "DATASET_WITHHELD", () => client.Generators.CreateGeneratorAsync(
            new() { Parent = project, Generator = new() { Dataset = ready.Name } }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_private_training_goes_by_the_declared_schema_and_not_by_what_was_inferred()
    {
        var tenant = await BudgetedAsync(3);
        using var client = Server.Client(tenant.Key);
        var store = Server.Get<DatasetStore>();
        await store.UpdateAsync((await store.FindAsync(tenant.Dataset))! with { SchemaJson = """{"columns":{"a":"integer","b":"date"}}""", DeclaredSchemaJson = """{"columns":{"a":"integer"}}""" });

        var generator = await TrainAsync(client, tenant, 1);
        var worker = await Server.Worker.TakeAsync(generator.Training.Name);

        Assert.AreEqual("""{"columns":{"a":"integer"}}""", ((TrainingSpec)worker.Order.Spec).Data.SchemaJson);
    }

    [TestMethod]
    public async Task Plans_are_judged_and_recommended_ones_are_good()
    {
        var tenant = await BudgetedAsync(2);
        using var client = Server.Client(tenant.Key);

        var recommended = await client.Privacy.RecommendPrivacyConfigAsync(new() { Parent = tenant.Dataset, Rows = 48_842 });
        var judged = await client.Privacy.ValidatePrivacyConfigAsync(new() { Parent = tenant.Dataset, Config = recommended.Config });
        var bad = recommended.Config.Clone();
        (bad.NoiseMultiplier, bad.SampleRate, bad.Terms.Delta, bad.Terms.Epsilon) = (0.3, 0.0001, 1e-4, 6);
        var refused = await client.Privacy.ValidatePrivacyConfigAsync(new() { Parent = tenant.Dataset, Config = bad });

        Assert.IsTrue(judged.Valid, string.Join("; ", judged.Findings));
        CollectionAssert.IsSubsetOf(new[] { "mst", "aim", "tree" }, judged.Expected.Select(e => e.Method).ToList());
        CollectionAssert.AreEqual(recommended.Expected, judged.Expected);
        Assert.IsTrue(judged.Expected.All(e => e is { PairDistanceLow: > 0.005, PairDistanceHigh: < 0.2, BeyondMeasured: false }
            && e.MeasuredOn.Contains("adult_discrete", StringComparison.Ordinal)));
        Assert.IsTrue(judged.Epsilon is > 0.99 and <= 1, $"{judged.Epsilon}");
        Assert.AreEqual(1e-6, recommended.Config.Terms.Delta, 1e-12);
        Assert.IsFalse(refused.Valid);
        CollectionAssert.IsSubsetOf(
            new[] { "OUT_OF_RANGE", "EPSILON_LARGE", "NOISE_THIN", "BATCH_SMALL" }, refused.Findings.Select(f => f.Reason).ToList());
    }

    [TestMethod]
    public async Task Terms_that_promise_nothing_are_refused_at_the_edge()
    {
        var tenant = await BudgetedAsync(2);
        using var client = Server.Client(tenant.Key);

        await WrongAsync(new() { Epsilon = 0, Delta = 1e-6 }, "generator.privacy_terms.epsilon");
        await WrongAsync(new() { Epsilon = double.NaN, Delta = 1e-6 }, "generator.privacy_terms.epsilon");
        await WrongAsync(new() { Epsilon = 1, Delta = 0 }, "generator.privacy_terms.delta");
        await WrongAsync(new() { Epsilon = 1, Delta = 1e-3, Rows = 1000 }, "generator.privacy_terms.delta");
        await WrongAsync(new() { Epsilon = 1, Delta = 1e-6, MaxRowsPerUnit = 3 }, "generator.privacy_terms.unit_column");
        await RefusedAsync(StatusCode.InvalidArgument, "METHOD_NOT_PRIVATE", () => client.Generators.CreateGeneratorAsync(new()
        {
            Parent = tenant.Project,
            Generator = new() { Dataset = tenant.Dataset, Method = "copula", PrivacyTerms = new() { Epsilon = 1, Delta = 1e-6 } },
        }).ResponseAsync);

        async Task WrongAsync(V1.PrivacyTerms terms, string field)
        {
            var (_, info) = await RefusedAsync(StatusCode.InvalidArgument, null, () => client.Generators.CreateGeneratorAsync(
                new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset, PrivacyTerms = terms } }).ResponseAsync);
            Assert.AreEqual(field, info.Metadata["field"]);
        }
    }

    [TestMethod]
    public async Task Over_http_a_budget_is_json()
    {
        var tenant = await BudgetedAsync(2);
        using var http = Server.Http(tenant.Key);

        using var json = JsonDocument.Parse(await http.GetStringAsync($"/v1/{tenant.Dataset}/privacyBudget", Cancellation));
        using var computed = await http.PostAsync(
            "/v1/privacy:computeEpsilon",
            new StringContent("""{"noiseMultiplier":1,"sampleRate":1,"steps":1,"delta":1e-5}""", System.Text.Encoding.UTF8, "application/json"), Cancellation);

        Assert.AreEqual(2, json.RootElement.GetProperty("remainingEpsilon").GetDouble());
        Assert.AreEqual("UNRELEASED", json.RootElement.GetProperty("badge").GetString()!.Replace("PRIVACY_BADGE_", "", StringComparison.Ordinal));
        using var answer = JsonDocument.Parse(await computed.Content.ReadAsStringAsync(Cancellation));
        Assert.AreEqual(4.38, answer.RootElement.GetProperty("epsilon").GetDouble(), 0.01);
    }

    private async Task<Tenant> BudgetedAsync(double epsilon)
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        await client.Privacy.SetPrivacyBudgetAsync(new() { PrivacyBudget = new() { Name = tenant.Dataset + "/privacyBudget", Epsilon = epsilon, Delta = 1e-5 } });
        return tenant;
    }

    private static async Task<V1.PrivacyBudget> BudgetAsync(ApiClient client, Tenant tenant) =>
        await client.Privacy.GetPrivacyBudgetAsync(new() { Name = tenant.Dataset + "/privacyBudget" });

    private static async Task<V1.Generator> CreateAsync(ApiClient client, Tenant tenant, double epsilon) => await client.Generators.CreateGeneratorAsync(
        new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset, PrivacyTerms = new() { Epsilon = epsilon, Delta = 1e-6 } } });

    private static async Task<V1.Generator> TrainAsync(ApiClient client, Tenant tenant, double epsilon) =>
        await client.Generators.TrainGeneratorAsync(new() { Name = (await CreateAsync(client, tenant, epsilon)).Name });

    private async Task<V1.Generator> TrainedAsync(ApiClient client, Tenant tenant, double epsilon) =>
        await FinishAsync(client, await TrainAsync(client, tenant, epsilon));

    private async Task<V1.Generator> FinishAsync(ApiClient client, V1.Generator generator)
    {
        var worker = await Server.Worker.TakeAsync(generator.Training.Name);
        await worker.CompleteAsync(("model", $"the model of {generator.Name}"));
        return await EventuallyAsync(
            async () => await client.Generators.GetGeneratorAsync(new() { Name = generator.Name }),
            g => g.State == V1.GeneratorState.Ready);
    }

    private static async Task<V1.Dataset> CompleteAsync(ApiClient client, V1.Upload upload)
    {
        using var call = client.Uploads.WriteUpload();
        await call.RequestStream.WriteAsync(new() { Name = upload.Name, Data = Google.Protobuf.ByteString.CopyFromUtf8("a,b\n1,2\n"), Finish = true });
        await call.RequestStream.CompleteAsync();
        return (await call).Dataset;
    }
}
