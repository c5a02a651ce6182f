using Grpc.Core;
using Grpc.Net.Client;

namespace SynthStudio.ServiceBench;

/// <summary>
/// 1,000 subscribers of 20 trainings that tell ten events a second each. Workers are scripted: each sends progress ten times a second
/// and a checkpoint every five seconds, and computes nothing, so that what is measured is the service. Silo, API, workers and subscribers share this machine.
/// </summary>
internal static class ManyWatchers
{
    private const int Trainings = 20;
    private const int Watchers = 1000;
    private const int Connections = 20;
    private const string Script = "sleep 20000; train 300 100 50";

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        using var worker = ScriptedWorker.In(folder["worker"]);
        await using var server = await ServedProcess.StartHostAsync(
            folder["data"], Path.Combine(folder["data"], "admin.key"),
            [new("WorkerPath", worker.Path), new("Slots", Trainings.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        var studio = new Studio(server.Channel);
        var project = await studio.CreateProjectAsync();
        var dataset = await studio.UploadAsync(project, FifteenColumns.Write(folder["table.csv"], rows: 10));
        var generators = new List<string>();
        for (var i = 0; i < Trainings; i++)
        {
            var generator = await studio.Generators.CreateGeneratorAsync(new CreateGeneratorRequest
            {
                Parent = project, Generator = new Generator { Dataset = dataset.Name, Method = ScriptedWorker.Method, Options = { ["script"] = Script } },
            });
            await studio.Generators.TrainGeneratorAsync(new TrainGeneratorRequest { Name = generator.Name });
            generators.Add(generator.Name);
        }

        var channels = Enumerable.Range(0, Connections).Select(_ => server.Connect()).ToList();
        var seen = await Task.WhenAll(Enumerable.Range(0, Watchers).Select(i => FollowAsync(channels[i % Connections], generators[i % Trainings])));
        channels.ForEach(c => c.Dispose());

        var delays = seen.SelectMany(s => s.Delays).Order().ToList();
        return new Measured(
            $"{Watchers:N0} watchers on {Trainings} trainings, 10 events/s each: p99 delay, lost ({delays.Count:N0} deliveries)",
            $"{Latencies.Percentile(delays, .99):F0} ms (p50 {Latencies.Percentile(delays, .5):F0}), {seen.Sum(s => s.Lost)}", "250 ms, 0", "50 ms, 0");
    }

    private static async Task<(List<double> Delays, long Lost)> FollowAsync(GrpcChannel channel, string generator)
    {
        var (delays, last, lost) = (new List<double>(), 0L, 0L);
        using var call = new GeneratorService.GeneratorServiceClient(channel).WatchGenerator(new WatchGeneratorRequest { Name = generator });
        await foreach (var progress in call.ResponseStream.ReadAllAsync())
        {
            if (progress.Heartbeat) continue;

            lost += progress.Sequence - last - 1;
            last = progress.Sequence;
            if (progress.Step == "train" && progress.State == JobState.Running)
                delays.Add((TimeProvider.System.GetUtcNow() - progress.Time.ToDateTimeOffset()).TotalMilliseconds);
        }

        return (delays, lost);
    }
}
