using System.Security.Cryptography;
using System.Text.Json;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>Silos and API replicas as processes on PostgreSQL, a bucket and Redis: the whole path, and nothing lost when a silo dies.</summary>
[TestClass, DoNotParallelize]
public sealed class ClusterTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task A_training_goes_on_when_its_silo_is_killed_and_everything_is_still_there()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await ClusterProcesses.CreateAsync();
        var silos = await Task.WhenAll(cluster.StartSiloAsync(("CheckpointSeconds", "2")), cluster.StartSiloAsync(("CheckpointSeconds", "2")));
        var (api, other) = (await cluster.StartApiAsync(), await cluster.StartApiAsync());
        await AssertRedisAsync(api);
        await AssertRedisAsync(other);
        var studio = new Studio(api.Channel);
        var project = await studio.CreateProjectAsync();
        var dataset = await studio.UploadAsync(project, SampleTable.Write(folder["people.csv"], rows: 4000));
        Assert.AreEqual(DatasetState.Ready, dataset.State, dataset.Error?.Message);

        // More steps than any machine makes in the time.
        var generator = await studio.TrainAsync(project, dataset.Name, TimeSpan.FromSeconds(15), steps: 100_000);
        var events = new List<ProgressEvent>();
        var killed = false;
        await foreach (var progress in studio.WatchAsync(generator.Name))
        {
            events.Add(progress);
            if (killed || !progress.Message.StartsWith("Checkpoint at step ", StringComparison.Ordinal)) continue;

            killed = true;
            await silos.MaxBy(silo => silo.BusiestWorker().ProcessorTime)!.KillAsync(); // The other one's workers wait for a job.
        }

        Assert.IsTrue(killed, "The training ended before its first checkpoint.");
        CollectionAssert.AreEqual(
            Enumerable.Range(1, events.Count).Select(i => (long)i).ToList(), events.Select(e => e.Sequence).ToList(), "Events were lost or repeated.");
        Assert.AreEqual(JobState.Succeeded, events[^1].State, events[^1].Error?.Message);
        Assert.AreEqual(2, events[^1].Attempt);
        var elsewhere = await new Studio(other.Channel).WatchAsync(generator.Name).ToListAsync();
        CollectionAssert.AreEqual(events, elsewhere, "The other replica tells another story.");
        var pause = events.First(e => e.Attempt == 2).Time.ToDateTime() - events.Last(e => e.Attempt == 1).Time.ToDateTime();
        TestContext.WriteLine($"From the last event before the kill to the first after it: {pause.TotalSeconds:0.0} s");
        Assert.HasCount(1 + 500, (await studio.DrawAsync(project, generator.Name, rows: 500)).TrimEnd().Split('\n'));
        await AssertLinksAsync(studio, project);
        Assert.AreEqual(dataset.SizeBytes, (await studio.Datasets.GetDatasetAsync(new GetDatasetRequest { Name = dataset.Name })).SizeBytes);
    }

    private static async Task AssertRedisAsync(ServedProcess api)
    {
        using var client = new HttpClient();
        using var json = JsonDocument.Parse(await client.GetStringAsync(new Uri(api.Http, "/healthz/ready")));
        Assert.AreEqual("Healthy", json.RootElement.GetProperty("checks").GetProperty("redis").GetString());
    }

    /// <summary>A browser sends and fetches by itself, past the API.</summary>
    private static async Task AssertLinksAsync(Studio studio, string project)
    {
        using var browser = new HttpClient();
        var drawn = (await studio.SyntheticDatasets.ListSyntheticDatasetsAsync(
            new ListSyntheticDatasetsRequest { Parent = project })).SyntheticDatasets.Single();
        var link = (await studio.SyntheticDatasets.ListDownloadLinksAsync(new ListDownloadLinksRequest { Name = drawn.Name })).Links.Single();
        var rows = await browser.GetByteArrayAsync(new Uri(link.Url));
        Assert.AreEqual((link.Sha256, link.SizeBytes), (Convert.ToHexStringLower(SHA256.HashData(rows)), rows.LongLength));

        var upload = await studio.CreateUploadAsync(project, "again.csv");
        var target = await studio.Uploads.CreateUploadLinkAsync(new CreateUploadLinkRequest { Name = upload.Name, SizeBytes = rows.Length });
        using var request = new HttpRequestMessage(HttpMethod.Put, target.Url) { Content = new ByteArrayContent(rows) };
        foreach (var (name, value) in target.Headers) request.Headers.Add(name, value);
        using var sent = await browser.SendAsync(request);
        Assert.IsTrue(sent.IsSuccessStatusCode);
        var dataset = await studio.Uploads.CompleteUploadAsync(new CompleteUploadRequest { Name = upload.Name, Sha256 = link.Sha256 });
        Assert.AreEqual(rows.Length, dataset.SizeBytes);
    }
}
