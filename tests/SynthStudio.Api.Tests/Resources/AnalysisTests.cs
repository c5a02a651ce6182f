using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Real rows and exact figures about few of them, for whom the project's policy names; versions of data sets and what differs between them.</summary>
[TestClass]
public sealed class AnalysisTests : ApiTest
{
    private const string Preview = """{"columns":["mail","plan"],"rows":[["a@example.org",null],["b@example.org","basic"]]}""";

    [TestMethod]
    public async Task Real_rows_are_shown_to_whom_the_policy_names_and_noted()
    {
        var tenant = await WithPreviewAsync();
        using var owner = Server.Client(tenant.Key);
        using var editor = Server.Client(await MemberAsync(tenant, ProjectRole.Editor));
        using var viewer = Server.Client(await MemberAsync(tenant, ProjectRole.Viewer));
        using var admin = Server.Client(Server.AdminKey);
        var name = new V1.GetDatasetPreviewRequest { Name = $"{tenant.Dataset}/preview" };
        Assert.AreEqual(V1.RealRowAccess.Owners, (await viewer.Datasets.GetDataPolicyAsync(new() { Name = $"{tenant.Project}/dataPolicy" })).RealRows);

        var shown = await owner.Datasets.GetDatasetPreviewAsync(name);
        Assert.AreEqual("mail plan", string.Join(' ', shown.Columns));
        Assert.AreEqual(("a@example.org", false, "basic"), (shown.Rows[0].Cells[0].Text, shown.Rows[0].Cells[1].HasText, shown.Rows[1].Cells[1].Text));
        foreach (var other in new[] { editor, viewer, admin })
        {
            await RefusedAsync(
                StatusCode.PermissionDenied, "REAL_ROWS_FORBIDDEN", () => other.Datasets.GetDatasetPreviewAsync(name).ResponseAsync);
        }

        await PolicyAsync(owner, tenant, V1.RealRowAccess.Editors);
        await editor.Datasets.GetDatasetPreviewAsync(name);
        await RefusedAsync(StatusCode.PermissionDenied, "REAL_ROWS_FORBIDDEN", () => viewer.Datasets.GetDatasetPreviewAsync(name).ResponseAsync);
        await PolicyAsync(owner, tenant, V1.RealRowAccess.Nobody);
        await RefusedAsync(StatusCode.PermissionDenied, "REAL_ROWS_FORBIDDEN", () => owner.Datasets.GetDatasetPreviewAsync(name).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => PolicyAsync(owner, tenant, V1.RealRowAccess.Unspecified));

        var looks = (await owner.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = new() { Method = "DatasetService/GetDatasetPreview" } })).AuditEntries;
        Assert.AreEqual(2, looks.Count(e => e.Outcome == "OK"));
        Assert.AreEqual(5, looks.Count(e => e.Reason == "REAL_ROWS_FORBIDDEN"), "Refusals are noted, too.");
        Assert.AreEqual(V1.PrivacyBadge.NotGuaranteed, (await owner.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset })).PrivacyBadge);
    }

    [TestMethod]
    public async Task Of_a_withheld_table_no_row_is_shown_and_nothing_is_counted()
    {
        var tenant = await WithPreviewAsync(withheld: true);
        using var client = Server.Client(tenant.Key);
        await RefusedAsync(StatusCode.FailedPrecondition, "DATASET_WITHHELD", () => client.Datasets.GetDatasetPreviewAsync(new() { Name = $"{tenant.Dataset}/preview" }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "DATASET_WITHHELD", () => AnalyseAsync(client, tenant, new() { IdentifyingColumns = new() }));
    }

    [TestMethod]
    public async Task Sets_of_columns_are_counted_for_those_who_may_see_real_rows()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        using var editor = Server.Client(await MemberAsync(tenant, ProjectRole.Editor));
        await RefusedAsync(StatusCode.PermissionDenied, "REAL_ROWS_FORBIDDEN", () => AnalyseAsync(editor, tenant, new() { IdentifyingColumns = new() }));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => AnalyseAsync(client, tenant, new() { IdentifyingColumns = new() { MostColumns = 5 } }));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => AnalyseAsync(client, tenant, new()));

        var analysis = await AnalyseAsync(client, tenant, new() { IdentifyingColumns = new() { Columns = { "age", "plan" }, MostColumns = 2 } });
        var result = new V1.GetAnalysisResultRequest { Name = $"{analysis.Name}/result" };
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Analyses.GetAnalysisResultAsync(result).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "STILL_USED", () => DeleteDatasetAsync(client, tenant));
        var worker = await Server.Worker.TakeAsync(analysis.Job);
        var spec = (AnalysisSpec)worker.Order.Spec;
        Assert.AreEqual("age plan 2", $"{string.Join(' ', spec.Columns)} {spec.MostColumns}");
        await worker.CompleteAsync(("analysis", """{"rows":3}"""));

        Assert.AreEqual(V1.AnalysisState.Ready, (await client.Analyses.GetAnalysisAsync(new() { Name = analysis.Name })).State);
        Assert.AreEqual("""{"rows":3}""", (await client.Analyses.GetAnalysisResultAsync(result)).Json);
        await RefusedAsync(StatusCode.PermissionDenied, "REAL_ROWS_FORBIDDEN", () => editor.Analyses.GetAnalysisResultAsync(result).ResponseAsync);
        Assert.AreEqual(V1.JobKind.Analysis, (await client.Jobs.GetJobAsync(new() { Name = analysis.Job })).Kind);
        Assert.HasCount(2, (await client.Analyses.ListAnalysesAsync(new() { Parent = tenant.Dataset })).Analyses);
        await client.Analyses.DeleteAnalysisAsync(new() { Name = analysis.Name });
        await RefusedAsync(StatusCode.NotFound, null, () => client.Analyses.GetAnalysisAsync(new() { Name = analysis.Name }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_data_set_has_versions_and_is_compared_with_an_earlier_one()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        await client.Datasets.UpdateDatasetSensitivityAsync(new()
        {
            DatasetSensitivity = new() { Name = $"{tenant.Dataset}/sensitivity", Columns = { new V1.ColumnSensitivity { Column = "plan", Mark = V1.Sensitivity.Sensitive } } },
        });
        var second = (await UploadAsync(client, tenant, "v2", tenant.Dataset)).Dataset;
        var third = (await UploadAsync(client, tenant, "v3", second)).Dataset;
        await RefusedAsync(StatusCode.NotFound, null, () => UploadAsync(client, tenant, "v4", $"{tenant.Project}/datasets/none"));
        await RefusedAsync(StatusCode.NotFound, null, () => UploadAsync(client, tenant, "v4", "projects/other/datasets/d"));

        var versions = (await client.Datasets.ListDatasetVersionsAsync(new() { Name = second })).Datasets;
        CollectionAssert.AreEqual(new[] { tenant.Dataset, second, third }, versions.Select(d => d.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "", tenant.Dataset, second }, versions.Select(d => d.PreviousVersion).ToArray());
        Assert.AreEqual("Sensitive", (await Server.Get<DatasetStore>().FindAsync(third))!.Sensitivity["plan"], "What its owner said goes on with the table.");

        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => AnalyseAsync(client, tenant, new() { EarlierDataset = second }));
        var store = Server.Get<DatasetStore>();
        await store.UpdateAsync((await store.FindAsync(second))! with { State = DatasetState.Ready, Object = (await store.FindAsync(tenant.Dataset))!.Object });
        var analysis = await AnalyseAsync(client, tenant, new() { EarlierDataset = second });
        var worker = await Server.Worker.TakeAsync(analysis.Job);
        Assert.IsNotNull(((AnalysisSpec)worker.Order.Spec).Earlier);
        await worker.CompleteAsync(("analysis", """{"added_columns":[]}"""));
        Assert.Contains("added_columns", (await client.Analyses.GetAnalysisResultAsync(new() { Name = $"{analysis.Name}/result" })).Json);
    }

    [TestMethod]
    public async Task A_table_is_compared_for_those_who_may_see_real_rows_since_one_that_is_made_up_would_ask_after_single_values()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var owner = Server.Client(tenant.Key);
        using var editor = Server.Client(await MemberAsync(tenant, ProjectRole.Editor));
        var madeUp = (await UploadAsync(editor, tenant, "made-up", "")).Dataset;
        var store = Server.Get<DatasetStore>();
        await store.UpdateAsync((await store.FindAsync(madeUp))! with { State = DatasetState.Ready, Object = (await store.FindAsync(tenant.Dataset))!.Object });
        await RefusedAsync(StatusCode.PermissionDenied, "REAL_ROWS_FORBIDDEN", () => AnalyseAsync(editor, tenant, new() { EarlierDataset = madeUp }));

        var analysis = await AnalyseAsync(owner, tenant, new() { EarlierDataset = madeUp });
        await (await Server.Worker.TakeAsync(analysis.Job)).CompleteAsync(("analysis", """{"columns":[{"name":"plan","new_category_share":0.001}]}"""));
        var result = new V1.GetAnalysisResultRequest { Name = $"{analysis.Name}/result" };
        await RefusedAsync(StatusCode.PermissionDenied, "REAL_ROWS_FORBIDDEN", () => editor.Analyses.GetAnalysisResultAsync(result).ResponseAsync);
        await PolicyAsync(owner, tenant, V1.RealRowAccess.Editors);
        Assert.Contains("new_category_share", (await editor.Analyses.GetAnalysisResultAsync(result)).Json);
    }

    private async Task<Tenant> WithPreviewAsync(bool withheld = false)
    {
        var tenant = await Tenant.CreateAsync(Server);
        var store = Server.Get<DatasetStore>();
        await store.UpdateAsync((await store.FindAsync(tenant.Dataset))! with { Preview = await Server.Worker.PutAsync(Preview), Withheld = withheld });
        return tenant;
    }

    private static Task<V1.Analysis> AnalyseAsync(ApiClient client, Tenant tenant, V1.Analysis question) =>
        client.Analyses.CreateAnalysisAsync(new() { Parent = tenant.Dataset, Analysis = question }).ResponseAsync;

    private static Task<V1.Upload> UploadAsync(ApiClient client, Tenant tenant, string id, string previous) => client.Uploads.CreateUploadAsync(
        new() { Parent = tenant.Project, UploadId = id, Upload = new() { FileName = "t.csv", PreviousVersion = previous } }).ResponseAsync;

    private static async Task DeleteDatasetAsync(ApiClient client, Tenant tenant)
    {
        await client.Generators.DeleteGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync.ContinueWith(_ => { });
        await client.Datasets.DeleteDatasetAsync(new() { Name = tenant.Dataset });
    }
}
