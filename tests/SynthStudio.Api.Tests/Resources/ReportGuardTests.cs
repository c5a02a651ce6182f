using System.Text;
using System.Text.Json.Nodes;
using Google.Api;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>
/// What reports tell of real rows: all of it to whom the data policy names, no values that tell of persons
/// to others, none of withheld tables to anybody.
/// </summary>
[TestClass]
public sealed class ReportGuardTests : ApiTest
{
    /// <summary>Of a table whose columns mail and age tell of persons; plan does not.</summary>
    private const string Report = """
        {"format_version":1,"verdict":{"headline":"It behaves.","findings":[
           {"aspect":"Is it fair?","grade":"Good","reason":"Between groups of plan, the rate of mail = a@example.org differs by 0.1."},{"aspect":"Is it alike?","grade":"Good","reason":"It is."}],"advice":[]},
         "sampling":{"train_rows":200,"synthetic_rows":200,"holdout_rows":100,"train_rows_used":200,"synthetic_rows_used":200,"holdout_rows_used":100,"dcr_rows":200},
         "metrics":{"shape":0.98,"exact_match_train":0.015,"dcr_share":0.99},
         "intervals":{"shape":{"value":0.98,"low":0.97,"high":0.99},"exact_match_train":{"value":0.015,"low":0.005,"high":0.043},"dcr_share":{"value":0.99,"low":0.98,"high":1}},
         "fairness":[{"column":"plan","target":"mail","favoured":"a@example.org","groups":[{"group":"basic","train_rows":60}],"rate_gap_training":0.1},
           {"column":"plan","target":"paid","favoured":"monthly","groups":[{"group":"full","train_rows":70}],"rate_gap_training":0.2}],
         "subgroups":[{"column":"age","group":"90 and more","train_rows":51},{"column":"plan","group":"standard","train_rows":52}],
         "histograms":[{"column":"age","labels":["17","64"],"train":[1]},{"column":"plan","labels":["premium"],"train":[1]}],
         "privacy":{"mode":"Fast","copies":{"exact_rows":3,"unique_share":0.985,"exact_copies":{"value":3.3,"low":0,"high":7.3},"exact_p_value":0.00031,
             "near":[{"ratio":0.03,"rare":1,"training":4,"holdout":1,"expected":2,"p_value":0.4}],"near_copies":{"value":2,"low":0,"high":6},"near_p_value":0.41},
           "tests":[{"measure":"near_copies","p_value":0.41,"is_alarm":false,"finding":"2 (0 to 6) training people"},
             {"measure":"exact_copies","p_value":0.00031,"is_alarm":true,"finding":"3 rows stand in training; chance explains all but 3 (0 to 7) of them"}],"anonymity":{"quasi_identifiers":["age"],
           "synthetic":{"smallest_class":7,"unique_share":0,"smallest_map":1,"maps_to_one_share":0.01,"maps_to_few_share":0.02},"holdout":{"smallest_class":1,"unique_share":0.4}}}}
        """;

    private const string WholePage = "<!DOCTYPE html>whole", GuardedPage = "<!DOCTYPE html>guarded";

    [TestMethod]
    public async Task Only_those_whom_the_policy_names_read_values_that_tell_of_persons()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var owner = Server.Client(tenant.Key);
        var report = await EvaluateAsync(owner, tenant);
        Assert.AreEqual((Report, false, Report, WholePage), await ReadAsync(owner, report));

        foreach (var role in (ProjectRole[])[ProjectRole.Editor, ProjectRole.Viewer, ProjectRole.Auditor])
        {
            using var other = Server.Client(await MemberAsync(tenant, role));
            var (json, guarded, download, page) = await ReadAsync(other, report);
            Assert.AreEqual((true, json, GuardedPage), (guarded, download, page));
            foreach (var value in (string[])["a@example.org", "90 and more", "\"17\"", "basic", "smallest_class\":1"]) Assert.DoesNotContain(value, json);
            foreach (var value in (string[])["premium", "standard", "monthly", "full", "0.975", "smallest_class\":7"]) Assert.Contains(value, json);

            var cut = JsonNode.Parse(json)!;
            Assert.StartsWith(
                "distributions and groups of age, plan; crowds of real people, and how many of them synthetic rows map to; counts of fewer than five people", string.Join("; ", cut["left_out"]!.AsArray()));
            Assert.AreEqual((0.1, true, 0), ((double)cut["fairness"]![0]!["rate_gap_training"]!, cut["fairness"]![0]!["favoured"] is null, cut["fairness"]![0]!["groups"]!.AsArray().Count));
            var crowds = cut["privacy"]!["anonymity"]!;
            Assert.AreEqual((true, true, true, 0), (crowds["holdout"] is null, crowds["synthetic"]!["smallest_map"] is null, crowds["synthetic"]!["maps_to_one_share"] is null, (int)crowds["synthetic"]!["unique_share"]!));
        }

        var looks = (await owner.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = new() { Method = "EvaluationService/GetEvaluationReport" } })).AuditEntries;
        Assert.AreEqual(4, looks.Count(e => e.Outcome == "OK"), "Every look is noted.");

        using var editor = Server.Client(await MemberAsync(tenant, ProjectRole.Editor));
        await owner.Datasets.UpdateDatasetSensitivityAsync(new()
        {
            DatasetSensitivity = new() { Name = $"{tenant.Dataset}/sensitivity", Columns = { new V1.ColumnSensitivity { Column = "plan", Mark = V1.Sensitivity.Sensitive } } },
        });
        Assert.DoesNotContain("premium", (await ReadAsync(editor, report)).Json);
        await PolicyAsync(owner, tenant, V1.RealRowAccess.Editors);
        Assert.AreEqual((Report, false, Report, WholePage), await ReadAsync(editor, report));
        await PolicyAsync(owner, tenant, V1.RealRowAccess.Nobody);
        Assert.IsTrue((await ReadAsync(owner, report)).Guarded, "Nobody is nobody.");
    }

    [TestMethod]
    public async Task Who_may_not_see_real_rows_is_told_no_count_of_few_people_and_none_of_all_but_few()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var owner = Server.Client(tenant.Key);
        var report = await EvaluateAsync(owner, tenant);
        using var viewer = Server.Client(await MemberAsync(tenant, ProjectRole.Viewer));

        var cut = JsonNode.Parse((await ReadAsync(viewer, report)).Json)!;

        var copies = cut["privacy"]!["copies"]!;
        Assert.AreEqual((5.0, 0.975, 0.01, 1.0), ((double)copies["exact_rows"]!, (double)copies["unique_share"]!, (double)copies["exact_p_value"]!, (double)copies["near_p_value"]!), "3, and 197 of 200");
        Assert.AreEqual((true, true, 0), (copies["exact_copies"] is null, copies["near_copies"] is null, copies["near"]!.AsArray().Count));
        Assert.AreEqual((0.025, 1.0, 0.975), ((double)cut["metrics"]!["exact_match_train"]!, (double)cut["metrics"]!["dcr_share"]!, (double)cut["metrics"]!["shape"]!), "5, 200 and 195 of 200");
        Assert.AreEqual((0.025, true, 0.975), (
            (double)cut["intervals"]!["exact_match_train"]!["value"]!, cut["intervals"]!["dcr_share"] is null, (double)cut["intervals"]!["shape"]!["low"]!));
        CollectionAssert.AreEqual(
            new[] { "exact_copies 0.01 finds more of people in training than chance explains", "near_copies 1 finds no more of people in training than chance explains" },
            cut["privacy"]!["tests"]!.AsArray().Select(test => $"{test!["measure"]} {test["p_value"]} {test["finding"]}").ToArray());
    }

    [TestMethod]
    public async Task The_report_of_a_training_is_guarded_alike()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var owner = Server.Client(tenant.Key);
        var training = (await owner.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training;
        await (await Server.Worker.TakeAsync(training.Name)).CompleteAsync(("model", "m"), ("report", Report), ("report_html", WholePage), ("report_guarded_html", GuardedPage));
        using var auditor = Server.Client(await MemberAsync(tenant, ProjectRole.Auditor));

        Assert.AreEqual(WholePage, await DownloadAsync(owner, V1.ReportFormat.Html));
        Assert.AreEqual(Report, await DownloadAsync(owner, V1.ReportFormat.Json));
        Assert.AreEqual(GuardedPage, await DownloadAsync(auditor, V1.ReportFormat.Html));
        var cut = await DownloadAsync(auditor, V1.ReportFormat.Json);
        Assert.DoesNotContain("90 and more", cut);
        Assert.Contains("left_out", cut);

        Task<string> DownloadAsync(ApiClient client, V1.ReportFormat format) =>
            TextAsync(client.Generators.DownloadGeneratorReport(new() { Name = tenant.Generator, Format = format }).ResponseStream);
    }

    [TestMethod]
    public async Task A_report_of_an_older_version_has_no_page_for_others_and_one_that_cannot_be_cut_is_not_given_out()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var owner = Server.Client(tenant.Key);
        using var viewer = Server.Client(await MemberAsync(tenant, ProjectRole.Viewer));
        var report = await EvaluateAsync(owner, tenant, ("report", Report), ("report_html", WholePage));

        var (refused, _) = await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => PageAsync(viewer, report));
        Assert.Contains("Read the report as JSON", refused.Status.Detail);
        Assert.IsTrue((await viewer.Evaluations.GetEvaluationReportAsync(new() { Name = report })).Guarded);
        Assert.AreEqual(WholePage, await PageAsync(owner, report));

        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => viewer.Evaluations.GetEvaluationReportAsync(new() { Name = $"{tenant.Evaluation}/report" }).ResponseAsync);
    }

    [TestMethod]
    public async Task Of_a_table_that_was_not_looked_at_every_column_counts_as_telling()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var owner = Server.Client(tenant.Key);
        using var viewer = Server.Client(await MemberAsync(tenant, ProjectRole.Viewer));
        var report = await EvaluateAsync(owner, tenant);
        var store = Server.Get<DatasetStore>();
        await store.UpdateAsync((await store.FindAsync(tenant.Dataset))! with { Profile = null });

        var json = (await ReadAsync(viewer, report)).Json;

        foreach (var value in (string[])["premium", "standard", "monthly", "full"]) Assert.DoesNotContain(value, json);
        Assert.Contains("\"shape\":0.975", json);
    }

    [TestMethod]
    public async Task An_uploaded_table_is_evaluated_by_those_only_who_may_see_real_rows_for_it_may_be_one()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var owner = Server.Client(tenant.Key);
        using var editor = Server.Client(await MemberAsync(tenant, ProjectRole.Editor));
        var wanted = new V1.CreateEvaluationRequest
        {
            Parent = tenant.Project,
            Evaluation = new() { Dataset = tenant.Dataset, SyntheticUpload = tenant.Dataset, Settings = new() { QuasiIdentifiers = { "age" } } },
        };
        foreach (var only in (bool[])[true, false])
        {
            wanted.ValidateOnly = only;
            await RefusedAsync(StatusCode.PermissionDenied, "REAL_ROWS_FORBIDDEN", () => editor.Evaluations.CreateEvaluationAsync(wanted).ResponseAsync);
        }

        var evaluation = await owner.Evaluations.CreateEvaluationAsync(wanted);
        await (await Server.Worker.TakeAsync(evaluation.Job)).CompleteAsync(("report", Report), ("report_html", WholePage), ("report_guarded_html", GuardedPage));
        await EventuallyAsync(
            async () => await owner.Evaluations.GetEvaluationAsync(new() { Name = evaluation.Name }),
            e => e.State == V1.EvaluationState.Ready);
        var read = await editor.Evaluations.GetEvaluationReportAsync(new() { Name = $"{evaluation.Name}/report" });
        Assert.IsNull(JsonNode.Parse(read.Json)!["privacy"]!["anonymity"], "Its own crowds may be those of real people.");
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => PageAsync(editor, $"{evaluation.Name}/report"));
        await PolicyAsync(owner, tenant, V1.RealRowAccess.Editors);
        await editor.Evaluations.CreateEvaluationAsync(wanted);
    }

    [TestMethod]
    public async Task An_uploaded_table_stands_in_the_ledger_as_the_others_do()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var owner = Server.Client(tenant.Key);
        var other = await CopyAsync(tenant, "other", withheld: false);

        var evaluation = await owner.Evaluations.CreateEvaluationAsync(
            new() { Parent = tenant.Project, Evaluation = new() { Dataset = tenant.Dataset, SyntheticUpload = other } });

        foreach (var dataset in (string[])[tenant.Dataset, other])
        {
            var noted = (await owner.Privacy.ListPrivacyEventsAsync(new() { Parent = dataset })).PrivacyEvents;
            Assert.IsTrue(noted.Any(e => e.What == "evaluation_report" && e.Kind == V1.PrivacyEventKind.NonPrivate), $"{evaluation.Name} in the ledger of {dataset}");
        }
    }

    [TestMethod]
    public async Task A_withheld_table_is_compared_with_nothing()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var owner = Server.Client(tenant.Key);
        await DrawnAsync(tenant);
        var withheld = await CopyAsync(tenant, "withheld", withheld: true);

        foreach (var wanted in (V1.Evaluation[])
        [
            new() { Dataset = withheld, SyntheticUpload = tenant.Dataset, OutsideGuarantee = true },
            new() { Dataset = withheld, SyntheticDataset = tenant.Synthetic, OutsideGuarantee = true },
            new() { Dataset = tenant.Dataset, HoldoutDataset = withheld, SyntheticDataset = tenant.Synthetic, OutsideGuarantee = true },
            new() { Dataset = tenant.Dataset, SyntheticUpload = withheld, OutsideGuarantee = true },
        ])
        {
            foreach (var only in (bool[])[true, false])
            {
                var (_, info) = await RefusedAsync(StatusCode.FailedPrecondition, "DATASET_WITHHELD", () => owner.Evaluations.CreateEvaluationAsync(
                    new() { Parent = tenant.Project, Evaluation = wanted, ValidateOnly = only }).ResponseAsync);
                Assert.AreEqual(withheld, info.Metadata["subject"]);
            }
        }

        var events = (await owner.Privacy.ListPrivacyEventsAsync(new() { Parent = tenant.Dataset })).PrivacyEvents;
        Assert.IsFalse(events.Any(e => e.What == "evaluation_report"), "Nothing was begun.");
    }

    private async Task<string> EvaluateAsync(ApiClient client, Tenant tenant, params (string Role, string Content)[] artifacts)
    {
        await DrawnAsync(tenant);
        var evaluation = await client.Evaluations.CreateEvaluationAsync(
            new() { Parent = tenant.Project, Evaluation = new() { Dataset = tenant.Dataset, SyntheticDataset = tenant.Synthetic } });
        var worker = await Server.Worker.TakeAsync(evaluation.Job);
        await worker.CompleteAsync(artifacts.Length > 0 ? artifacts : [("report", Report), ("report_html", WholePage), ("report_guarded_html", GuardedPage)]);
        await EventuallyAsync(
            async () => await client.Evaluations.GetEvaluationAsync(new() { Name = evaluation.Name }),
            e => e.State == V1.EvaluationState.Ready);
        return $"{evaluation.Name}/report";
    }

    /// <summary>The tenant's synthetic data set, as if it had been drawn.</summary>
    private async Task DrawnAsync(Tenant tenant)
    {
        var store = Server.Get<SyntheticDatasetStore>();
        var part = new PartRef(0, 1, await Server.Worker.PutAsync("a,b\n1,2\n"));
        await store.UpdateAsync((await store.FindAsync(tenant.Synthetic))! with { State = ArtifactState.Ready, Parts = [part] });
    }

    private async Task<string> CopyAsync(Tenant tenant, string id, bool withheld)
    {
        var store = Server.Get<DatasetStore>();
        var name = $"{tenant.Project}/datasets/{id}";
        await store.CreateAsync((await store.FindAsync(tenant.Dataset))! with { Name = name, Withheld = withheld, Version = 1 });
        return name;
    }

    private async Task<(string Json, bool Guarded, string Download, string Page)> ReadAsync(ApiClient client, string report)
    {
        var read = await client.Evaluations.GetEvaluationReportAsync(new() { Name = report });
        var download = await TextAsync(client.Evaluations.DownloadEvaluationReport(new() { Name = report, Format = V1.ReportFormat.Json }).ResponseStream);
        return (read.Json, read.Guarded, download, await PageAsync(client, report));
    }

    private Task<string> PageAsync(ApiClient client, string report) =>
        TextAsync(client.Evaluations.DownloadEvaluationReport(new() { Name = report }).ResponseStream);

    private async Task<string> TextAsync(IAsyncStreamReader<HttpBody> stream)
    {
        List<byte> all = [];
        while (await stream.MoveNext(Cancellation)) all.AddRange(stream.Current.Data.Span);
        return Encoding.UTF8.GetString([.. all]);
    }
}
