using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Audit;
using SynthStudio.Testing.Servers;

namespace SynthStudio.ServiceBench;

/// <summary>Entries a second that the audit trail makes durable on PostgreSQL for callers that each wait for theirs, and that going along it checks.</summary>
internal static class AuditSpeed
{
    private const int Callers = 200;
    private const int Entries = 50_000;
    private const int Projects = 20;
    private const int Alone = 300;
    private const int Rounds = 4; // The best of them: the first is compiled while it runs.

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        await using var postgres = await PostgresServer.StartAsync(synchronises: true);
        await using var source = PostgresDatabase.Open(await postgres.CreateDatabaseAsync());
        await new PostgresMigrator(source).ApplyAsync();
        using var folder = new TemporaryFolder();
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging()
            .AddSynthStudioCatalog(source, LedgerKey.Open(Path.Combine(folder["key"], "ledger.key")), _ => new SqliteLedgerAnchor(folder["anchor.db"]))
            .BuildServiceProvider();
        var trail = services.GetRequiredService<AuditTrail>();
        await trail.AppendAsync("projects/warm", Event(0));

        var (clock, worked) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = caller; i < Entries; i += Callers) await trail.AppendAsync($"projects/p{i % Projects}", Event(i));
        })));
        var (written, writing) = (Entries / clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - worked).TotalMicroseconds / Entries);

        var delays = new List<double>();
        for (var i = 0; i < Alone; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await trail.AppendAsync("projects/alone", Event(i));
            delays.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        await Task.WhenAll(Enumerable.Range(0, Entries).Select(i => trail.AppendAsync("projects/long", Event(i))));
        var (verified, work) = (0.0, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            clock.Restart();
            var found = await trail.VerifyAsync("projects/long");
            if (!found.IsSound || found.Lines != Entries) throw new InvalidOperationException(string.Join(' ', found.Faults));
            verified = Math.Max(verified, Entries / clock.Elapsed.TotalSeconds);
            work = Math.Min(work, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Entries);
        }

        delays.Sort();
        return new Measured(
            "audit trail on PostgreSQL",
            $"{written:N0} entries/s written ({writing:F1} µs of processor time each beside the database's); one alone p50 {Latencies.Percentile(delays, .5):F2} ms; {verified:N0} entries/s verified ({work:F1} µs of processor time each beside the database's)",
            "5,000 and 200,000 entries/s", "");
    }

    private static AuditEvent Event(int number) => new()
    {
        Actor = "users/01a223df4010707baf73aebc6b25720e", Credential = "01a223df3f80712589004d8ad6172a29", Method = "DatasetService/UpdateDataset",
        Resource = $"projects/p/datasets/d{number}", Outcome = "OK", Address = "10.0.0.17", TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
    };
}
