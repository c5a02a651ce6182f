using Grpc.Core;

namespace SynthStudio.ServiceBench;

/// <summary>
/// From the worker process, whose own clock stamps its progress, to each of 200 subscribers of one training; all clocks are this machine's.
/// </summary>
internal static class WatchDelay
{
    private const int Subscribers = 200;
    private const int Connections = 4;

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProcess.StartAsync(folder["data"]);
        var client = new Studio(server.Channel);
        var project = await client.CreateProjectAsync();
        var dataset = await client.UploadAsync(project, options.Table ?? FifteenColumns.Write(folder["table.csv"], rows: 20_000));
        var generator = await client.CreateGeneratorAsync(project, dataset.Name, TimeSpan.FromSeconds(15));
        await client.Generators.TrainGeneratorAsync(new TrainGeneratorRequest { Name = generator.Name });

        // Four connections: one carries 100 streams.
        var channels = Enumerable.Range(0, Connections).Select(_ => server.Connect()).ToList();
        var delays = await Task.WhenAll(Enumerable.Range(0, Subscribers).Select(i => FollowAsync(channels[i % Connections], generator.Name)));
        channels.ForEach(c => c.Dispose());

        var all = delays.SelectMany(d => d.Delays).Order().ToList();
        var lost = delays.Sum(d => d.Lost);
        return new Measured(
            $"watch: delay from worker to subscriber, p99, {Subscribers} subscribers ({all.Count:N0} deliveries, {lost} lost)",
            $"{Latencies.Percentile(all, .99):F0} ms (p50 {Latencies.Percentile(all, .5):F0}, longest {all[^1]:F0})", "100 ms", "30 ms");
    }

    private static async Task<(List<double> Delays, long Lost)> FollowAsync(Grpc.Net.Client.GrpcChannel channel, string generator)
    {
        var (delays, last, lost, replayed) = (new List<double>(), 0L, 0L, true);
        using var call = new GeneratorService.GeneratorServiceClient(channel).WatchGenerator(new WatchGeneratorRequest { Name = generator });
        await foreach (var progress in call.ResponseStream.ReadAllAsync())
        {
            if (progress.Heartbeat)
            {
                continue;
            }

            var delay = (TimeProvider.System.GetUtcNow() - progress.Time.ToDateTimeOffset()).TotalMilliseconds;
            lost += progress.Sequence - last - 1;
            last = progress.Sequence;

            // What happened before this subscriber came is history, not delay: live begins with the first event of the training step.
            replayed &= progress.Step != "train" || progress.StepFraction == 0;
            if (!replayed)
            {
                delays.Add(delay);
            }
        }

        return (delays, lost);
    }
}
