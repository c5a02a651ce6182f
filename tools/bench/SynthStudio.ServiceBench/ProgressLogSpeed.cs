using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Catalog;
using SynthStudio.Orchestration;
using SynthStudio.Testing.Servers;

namespace SynthStudio.ServiceBench;

/// <summary>Events a second that the progress log makes durable for 50 trainings at once, and how long one event alone takes.</summary>
internal static class ProgressLogSpeed
{
    private const int Jobs = 50;
    private const int Events = 400;
    private const int Alone = 500;

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("synthstudio-bench-").FullName;
        var database = $"Data Source={Path.Combine(folder, "catalog.db")}";
        CatalogSchema.Apply(database);
        await using var services = new ServiceCollection().AddSynthStudioCatalog(database).BuildServiceProvider();
        return await MeasureAsync("progress log", services.GetRequiredService<IProgressLog>());
    }

    /// <summary>The same on PostgreSQL.</summary>
    public static async Task<Measured> MeasureClusterAsync(BenchOptions options)
    {
        await using var postgres = await PostgresServer.StartAsync(synchronises: true);
        await using var source = PostgresDatabase.Open(await postgres.CreateDatabaseAsync());
        await new PostgresMigrator(source).ApplyAsync();
        using var folder = new TemporaryFolder();
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System)
            .AddSynthStudioCatalog(source, LedgerKey.Open(Path.Combine(folder["key"], "ledger.key")), _ => new SqliteLedgerAnchor(folder["anchor.db"]))
            .BuildServiceProvider();
        return await MeasureAsync("progress log on PostgreSQL", services.GetRequiredService<IProgressLog>());
    }

    private static async Task<Measured> MeasureAsync(string what, IProgressLog log)
    {
        await log.AppendAsync("projects/p/jobs/warm", [Event(1)], CancellationToken.None);

        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Jobs).Select(j => Task.Run(async () =>
        {
            for (var i = 1; i <= Events; i++)
            {
                await log.AppendAsync($"projects/p/jobs/{j}", [Event(i)], CancellationToken.None);
            }
        })));
        var rate = Jobs * Events / clock.Elapsed.TotalSeconds;

        var delays = new List<double>();
        for (var i = 1; i <= Alone; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await log.AppendAsync("projects/p/jobs/alone", [Event(i)], CancellationToken.None);
            delays.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        delays.Sort();
        return new Measured(
            $"{what}, {Jobs} trainings at once",
            $"{rate:N0} events/s; one alone p50 {Latencies.Percentile(delays, .5):F2} ms, p99 {Latencies.Percentile(delays, .99):F2} ms",
            "2,000 events/s", "10,000 events/s");
    }

    private static Orchestration.ProgressEvent Event(long sequence) => new()
    {
        Sequence = sequence,
        Time = DateTimeOffset.UnixEpoch.AddSeconds(sequence),
        State = WorkState.Running,
        Step = "train",
        StepFraction = .1,
        Metrics = new Dictionary<string, double> { ["loss"] = 3.25, ["epoch"] = 4 },
    };
}
