using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>What columns tell of persons: found, marked, and heeded by trainings.</summary>
[TestClass]
public sealed class SensitivityTests : ApiTest
{
    [TestMethod]
    public async Task Personal_data_are_told_with_reasons_and_noted_as_a_look_at_real_data()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);

        var found = await client.Datasets.GetDatasetSensitivityAsync(new() { Name = $"{tenant.Dataset}/sensitivity" });

        CollectionAssert.AreEqual(new[] { "mail", "plan", "age" }, found.Columns.Select(c => c.Column).ToArray());
        Assert.AreEqual((V1.Sensitivity.DirectIdentifier, V1.Sensitivity.Unspecified), (found.Columns[0].Proposed, found.Columns[0].Mark));
        var finding = found.Columns[0].Findings.Single();
        Assert.AreEqual(("email", 0.99, true), (finding.Kind, finding.Confidence, finding.ByName));
        Assert.AreEqual("the column's name says so", finding.Reasons.Single());
        var entry = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, PageSize = 1 })).AuditEntries.Single();
        Assert.AreEqual(("DatasetService/GetDatasetSensitivity", "OK"), (entry.Method, entry.Outcome));
        Assert.AreEqual(V1.PrivacyBadge.NotGuaranteed, (await client.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset })).PrivacyBadge);
    }

    [TestMethod]
    public async Task Marks_are_set_taken_away_and_checked()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var etag = (await client.Datasets.GetDatasetSensitivityAsync(new() { Name = $"{tenant.Dataset}/sensitivity" })).Etag;

        await MarkAsync(client, tenant, ("plan", V1.Sensitivity.Sensitive), ("age", V1.Sensitivity.None));
        await MarkAsync(client, tenant, ("age", V1.Sensitivity.Unspecified));

        var columns = (await client.Datasets.GetDatasetSensitivityAsync(new() { Name = $"{tenant.Dataset}/sensitivity" })).Columns;
        Assert.AreEqual("mail Unspecified, plan Sensitive, age Unspecified", string.Join(", ", columns.Select(c => $"{c.Column} {c.Mark}")));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => MarkAsync(client, tenant, ("nobody", V1.Sensitivity.None)));
        await RefusedAsync(StatusCode.Aborted, "ETAG_MISMATCH", () => client.Datasets.UpdateDatasetSensitivityAsync(
            new() { DatasetSensitivity = new() { Name = $"{tenant.Dataset}/sensitivity", Etag = etag } }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_column_marked_as_naming_persons_is_not_learned_as_it_is()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var proposed = await client.Generators.CreateGeneratorAsync(new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset } });
        Assert.Contains("'mail' probably names persons (email) and is learned as categorical", proposed.Warnings.Single());

        await MarkAsync(client, tenant, ("mail", V1.Sensitivity.DirectIdentifier));
        var (status, _) = await RefusedAsync(
            StatusCode.FailedPrecondition, "DIRECT_IDENTIFIER_MODELLED",
            () => client.Generators.TrainGeneratorAsync(new() { Name = proposed.Name }).ResponseAsync);
        Assert.Contains("'mail'", status.Message);
        await RefusedAsync(StatusCode.FailedPrecondition, "DIRECT_IDENTIFIER_MODELLED", () => client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset } }).ResponseAsync);

        await ReplaceAsync(tenant, d => d with { SchemaJson = """{"columns":{"mail":"identifier","plan":{"kind":"categorical"}}}""" });
        Assert.IsEmpty((await client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset } })).Warnings);

        await ReplaceAsync(tenant, d => d with { SchemaJson = "" });
        await MarkAsync(client, tenant, ("mail", V1.Sensitivity.None));
        Assert.IsEmpty((await client.Generators.TrainGeneratorAsync(new() { Name = proposed.Name })).Warnings, "Its owner says that it names nobody.");
    }

    [TestMethod]
    public async Task Of_a_withheld_table_only_marks_are_told()
    {
        var tenant = await Tenant.CreateAsync(Server);
        await ReplaceAsync(tenant, d => d with { Withheld = true });
        using var client = Server.Client(tenant.Key);
        await MarkAsync(client, tenant, ("ssn", V1.Sensitivity.DirectIdentifier));

        var told = await client.Datasets.GetDatasetSensitivityAsync(new() { Name = $"{tenant.Dataset}/sensitivity" });

        Assert.AreEqual(("ssn", V1.Sensitivity.Unspecified, 0), (told.Columns.Single().Column, told.Columns[0].Proposed, told.Columns[0].Findings.Count));
        Assert.AreNotEqual(V1.PrivacyBadge.NotGuaranteed, (await client.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset })).PrivacyBadge);
    }

    private async Task ReplaceAsync(Tenant tenant, Func<DatasetRecord, DatasetRecord> change)
    {
        var store = Server.Get<DatasetStore>();
        await store.UpdateAsync(change((await store.FindAsync(tenant.Dataset))!));
    }

    private static Task<V1.DatasetSensitivity> MarkAsync(ApiClient client, Tenant tenant, params (string Column, V1.Sensitivity Mark)[] marks)
    {
        var wanted = new V1.DatasetSensitivity { Name = $"{tenant.Dataset}/sensitivity" };
        wanted.Columns.Add(marks.Select(m => new V1.ColumnSensitivity { Column = m.Column, Mark = m.Mark }));
        return client.Datasets.UpdateDatasetSensitivityAsync(new() { DatasetSensitivity = wanted }).ResponseAsync;
    }
}
