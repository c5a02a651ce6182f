using System.Diagnostics;
using System.Globalization;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>Whatever is killed in the middle of a training, it goes on from its checkpoint and nobody misses an event.</summary>
[TestClass]
public sealed class CrashTests
{
    private const string CheckpointMessage = "Checkpoint at step ";

    /// <summary>Long enough for checkpoints, which come every two seconds, and for something to go on to.</summary>
    private static readonly TimeSpan TrainingTime = TimeSpan.FromSeconds(15);

    /// <summary>More than any machine makes in the time.</summary>
    private const int Steps = 100_000;

    [TestMethod]
    public async Task A_killed_worker_is_replaced_and_the_training_goes_on_from_its_checkpoint()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServeAsync(folder);
        var (studio, generator) = await StartTrainingAsync(server, folder);

        var events = new List<ProgressEvent>();
        var killed = false;
        await foreach (var progress in studio.WatchAsync(generator))
        {
            events.Add(progress);
            if (!killed && events.Exists(HasCheckpoint))
            {
                killed = true;
                using var worker = Process.GetProcessById(server.BusiestWorker().Id);
                worker.Kill();
            }
        }

        Assert.IsTrue(killed, "The training ended before its first checkpoint.");
        AssertWentOn(events);
    }

    [TestMethod]
    public async Task A_killed_server_resumes_its_training_when_it_starts_again_and_the_watcher_continues_at_the_next_sequence()
    {
        using var folder = new TemporaryFolder();
        var events = new List<ProgressEvent>();
        string generator;
        await using (var first = await ServeAsync(folder))
        {
            (var studio, generator) = await StartTrainingAsync(first, folder);
            var workers = first.Workers();
            await foreach (var progress in studio.WatchAsync(generator))
            {
                events.Add(progress);
                if (events.Exists(HasCheckpoint))
                {
                    break;
                }
            }

            workers = [.. workers.Union(first.Workers())];
            await first.KillAsync();
            await AssertGoneAsync(workers);
        }

        await using var second = await ServeAsync(folder);
        await foreach (var progress in new Studio(second.Channel).WatchAsync(generator, after: events[^1].Sequence))
        {
            events.Add(progress);
        }

        AssertWentOn(events);
    }

    [TestMethod]
    public async Task A_killed_server_keeps_what_was_acknowledged_of_an_upload_and_the_client_continues_there()
    {
        using var folder = new TemporaryFolder();
        var file = SampleTable.Write(folder["people.csv"], rows: 20_000);
        var content = await File.ReadAllBytesAsync(file);
        string name;
        long acknowledged;
        await using (var first = await ServeAsync(folder))
        {
            var studio = new Studio(first.Channel);
            var upload = await studio.Uploads.CreateUploadAsync(new CreateUploadRequest
            {
                Parent = await studio.CreateProjectAsync(),
                Upload = new Upload { FileName = "people.csv" },
            });
            name = upload.Name;
            using var call = studio.Uploads.WriteUpload();
            await call.RequestStream.WriteAsync(new WriteUploadRequest { Name = name, Data = Google.Protobuf.ByteString.CopyFrom(content, 0, 200_000) });
            await call.RequestStream.CompleteAsync();
            acknowledged = (await call).CommittedSize;
            Assert.AreEqual(200_000, acknowledged);
            await first.KillAsync();
        }

        await using var second = await ServeAsync(folder);
        var again = new Studio(second.Channel);
        var found = await again.Uploads.GetUploadAsync(new GetUploadRequest { Name = name });
        Assert.AreEqual(acknowledged, found.CommittedSize);
        using var rest = again.Uploads.WriteUpload();
        await rest.RequestStream.WriteAsync(new WriteUploadRequest
        {
            Name = name,
            Offset = acknowledged,
            Data = Google.Protobuf.ByteString.CopyFrom(content, (int)acknowledged, content.Length - (int)acknowledged),
            Finish = true,
            Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)),
        });
        await rest.RequestStream.CompleteAsync();
        Assert.AreEqual(content.Length, (await rest).Dataset.SizeBytes);
    }

    private static Task<ServedProcess> ServeAsync(TemporaryFolder folder) =>
        ServedProcess.StartAsync(folder["data"], options: ["--checkpoint-seconds", "2"]);

    private static async Task<(Studio Studio, string Generator)> StartTrainingAsync(ServedProcess server, TemporaryFolder folder)
    {
        var studio = new Studio(server.Channel);
        var project = await studio.CreateProjectAsync();
        var dataset = await studio.UploadAsync(project, SampleTable.Write(folder["people.csv"], rows: 4000));
        Assert.AreEqual(DatasetState.Ready, dataset.State, dataset.Error?.Message);
        var generator = await studio.TrainAsync(project, dataset.Name, TrainingTime, Steps);
        return (studio, generator.Name);
    }

    private static bool HasCheckpoint(ProgressEvent progress) => progress.Message.StartsWith(CheckpointMessage, StringComparison.Ordinal);

    private static void AssertWentOn(List<ProgressEvent> events)
    {
        CollectionAssert.AreEqual(
            Enumerable.Range(1, events.Count).Select(i => (long)i).ToList(), events.Select(e => e.Sequence).ToList(), "Events were lost or repeated.");
        Assert.AreEqual(JobState.Succeeded, events[^1].State, events[^1].Error?.Message);
        Assert.IsGreaterThan(1, events[^1].Attempt, "There was no second attempt.");
        var checkpoint = long.Parse(events.First(HasCheckpoint).Message[CheckpointMessage.Length..], CultureInfo.InvariantCulture);
        var last = events.Last(e => e.Attempt == 1 && e.Metrics.ContainsKey("optimiser_step")).Metrics["optimiser_step"];
        var resumed = events.First(e => e.Attempt > 1 && e.Metrics.TryGetValue("optimiser_step", out var step) && step != last);
        Assert.IsGreaterThanOrEqualTo(checkpoint, resumed.Metrics["optimiser_step"], "The second attempt began before the checkpoint.");
    }

    private static async Task AssertGoneAsync(IReadOnlyList<int> processes)
    {
        for (var waited = 0; waited < 600 && processes.Any(IsAlive); waited++)
        {
            await Task.Delay(100);
        }

        Assert.IsFalse(processes.Any(IsAlive), "A worker outlived its silo.");
    }

    private static bool IsAlive(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // It is gone, or goes while it is looked at.
        }
    }
}
