using System.Diagnostics;
using Grpc.Core;

namespace SynthStudio.ServiceBench;

/// <summary>From the call that creates a job to the event that its worker runs, as the caller sees both; one job at a time, a worker waits ahead.</summary>
internal static class SubmitToRunning
{
    private const int Jobs = 25;

    /// <summary>Between two jobs, so that each finds the worker that was started ahead for it.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProcess.StartAsync(folder["data"]);
        var client = new Studio(server.Channel);
        var project = await client.CreateProjectAsync();
        var dataset = await client.UploadAsync(project, options.Table ?? FifteenColumns.Write(folder["table.csv"], rows: 1_000));
        var generator = await client.CreateGeneratorAsync(project, dataset.Name, TimeSpan.FromMinutes(1));
        var times = new List<double>();
        for (var job = 0; job < Jobs; job++)
        {
            await Task.Delay(Pause);
            times.Add(await TrainAndCancelAsync(client, generator.Name));
        }

        times.Sort();
        return new Measured(
            "a job: from submitting it to its worker running",
            $"{Latencies.Percentile(times, .5):F0} ms (p90 {Latencies.Percentile(times, .9):F0}; {Jobs} jobs)", "250 ms", "100 ms");
    }

    private static async Task<double> TrainAndCancelAsync(Studio client, string generator)
    {
        var clock = Stopwatch.StartNew();
        await client.Generators.TrainGeneratorAsync(new TrainGeneratorRequest { Name = generator });
        var running = 0.0;
        using var watch = client.Generators.WatchGenerator(new WatchGeneratorRequest { Name = generator });
        await foreach (var progress in watch.ResponseStream.ReadAllAsync())
        {
            if (running == 0 && progress.State == JobState.Running)
            {
                running = clock.Elapsed.TotalMilliseconds;
                await client.Jobs.CancelJobAsync(new CancelJobRequest { Name = progress.Job });
            }
        }

        return running;
    }
}
