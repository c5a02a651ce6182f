using System.Text;
using System.Text.Json;
using Google.Protobuf;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>The usage of a month tells what was stored in it.</summary>
[TestClass]
public sealed class StoredUsageTests : ApiTest
{
    private static readonly byte[] Table = Encoding.UTF8.GetBytes("a,b\n1,2\n3,4\n");

    [TestMethod]
    public async Task A_table_counts_once_whoever_completes_it_how_often_and_what_its_jobs_left_beside_it()
    {
        var (client, project) = await OwnerAsync();
        using var _ = client;
        var upload = await client.Uploads.CreateUploadAsync(new() { Parent = project, Upload = new() { FileName = "t.csv" } });
        await client.Uploads.UploadChunkAsync(new() { Name = upload.Name, Body = new() { Data = ByteString.CopyFrom(Table) } });
        var completed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.Uploads.CompleteUploadAsync(new() { Name = upload.Name }).ResponseAsync));
        var dataset = completed[0];
        await client.Uploads.CompleteUploadAsync(new() { Name = upload.Name });

        var month = (await client.Projects.GetProjectUsageAsync(new() { Name = $"{project}/usage" })).Months.Single();
        Assert.AreEqual(new V1.ArrivalUsage { Source = "upload", Arrivals = 1, Bytes = Table.Length }, month.Arrivals.Single());
        Assert.AreEqual(Table.Length, month.AddedBytes);

        var job = await Server.Get<DatasetStore>().FindAsync(dataset.Name, Cancellation);
        await Server.Get<ICatalogProjector>().ProjectAsync(
            new JobSnapshot
            {
                Name = job!.ProfileJob, Kind = WorkKind.Generation, Subject = dataset.Name, State = WorkState.Succeeded,
                CreateTime = job.CreateTime, EndTime = job.UpdateTime, Version = 99,
                Parts = [new PartRef(0, 1, new ObjectRef("sha256/x", "x", 500, "text/csv"))],
            }, Cancellation);
        await client.Datasets.DeleteDatasetAsync(new() { Name = dataset.Name });
        using var http = Server.Http(Server.AdminKey);
        using var told = JsonDocument.Parse(await http.GetStringAsync($"/v1/{project}/usage", Cancellation));
        var first = told.RootElement.GetProperty("months")[0];
        Assert.AreEqual($"{Table.Length + 500}", first.GetProperty("addedBytes").GetString(), "What is deleted was stored.");
        Assert.AreEqual("500", first.GetProperty("kinds")[0].GetProperty("bytes").GetString());
        Assert.AreEqual("upload", first.GetProperty("arrivals")[0].GetProperty("source").GetString());

        using var admin = Server.Client(Server.AdminKey);
        var all = (await admin.Cluster.ListUsageAsync(new())).Projects.Single(p => p.Project == project);
        Assert.AreEqual((Table.Length + 500, 1, 500), (all.AddedBytes, all.Arrivals.Single().Arrivals, all.Kinds.Single().Bytes));
    }

    [TestMethod]
    public async Task A_pack_of_evidence_counts_with_its_files()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var before = await ArrivalsAsync();

        await client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePackId = "usage", EvidencePack = new() });

        var pack = (await Server.Get<EvidencePackStore>().FindAsync($"{tenant.Project}/evidencePacks/usage", Cancellation))!;
        var after = await ArrivalsAsync();
        Assert.AreEqual((before.Count + 1, before.Bytes + pack.Files.Values.Sum(file => file.Size)), after);

        async Task<(long Count, long Bytes)> ArrivalsAsync()
        {
            var months = (await client.Projects.GetProjectUsageAsync(new() { Name = $"{tenant.Project}/usage" })).Months;
            var packs = months.SelectMany(month => month.Arrivals).Where(came => came.Source == "evidence_pack").ToList();
            return (packs.Sum(came => came.Arrivals), packs.Sum(came => came.Bytes));
        }
    }
}
