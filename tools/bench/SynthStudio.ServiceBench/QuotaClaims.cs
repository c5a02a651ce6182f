using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Catalog;
using SynthStudio.Orchestration;
using SynthStudio.Testing.Servers;

namespace SynthStudio.ServiceBench;

/// <summary>How long an upload's claim of 16 MiB takes under a quota of bytes, in a project with 10,000 jobs beside one with ten.</summary>
internal static class QuotaClaims
{
    private const int ManyJobs = 10_000, FewJobs = 10, Claims = 300, Writers = 8;
    private const long Piece = 16 << 20;

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        var database = $"Data Source={folder["catalog.db"]}";
        CatalogSchema.Apply(database);
        await using var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System).AddSingleton<IObjectReader, NoObjects>().AddSynthStudioCatalog(database)
            .BuildServiceProvider();
        return await MeasureAsync("claim of 16 MiB under a quota", services);
    }

    /// <summary>The same on PostgreSQL.</summary>
    public static async Task<Measured> MeasureClusterAsync(BenchOptions options)
    {
        await using var postgres = await PostgresServer.StartAsync(synchronises: true);
        await using var source = PostgresDatabase.Open(await postgres.CreateDatabaseAsync());
        await new PostgresMigrator(source).ApplyAsync();
        using var folder = new TemporaryFolder();
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton<IObjectReader, NoObjects>()
            .AddSynthStudioCatalog(source, LedgerKey.Open(Path.Combine(folder["key"], "ledger.key")), _ => new SqliteLedgerAnchor(folder["anchor.db"]))
            .BuildServiceProvider();
        return await MeasureAsync("claim of 16 MiB under a quota, PostgreSQL", services);
    }

    private static async Task<Measured> MeasureAsync(string what, ServiceProvider services)
    {
        await services.GetRequiredService<UserStore>().CreateAsync(
            new UserRecord { Name = "users/u", Role = Catalog.UserRole.User, CreateTime = DateTimeOffset.UnixEpoch });
        await ClaimAsync(services, "projects/warm", FewJobs); // Compiles what both run through.
        var (few, _) = await ClaimAsync(services, "projects/few", FewJobs);
        var (many, write) = await ClaimAsync(services, "projects/many", ManyJobs);
        return new Measured(
            $"{what}: {ManyJobs:N0} jobs in the project, beside {FewJobs}",
            $"p50 {Latencies.Percentile(many, .5):F2} and {Latencies.Percentile(few, .5):F2} ms, p99 {Latencies.Percentile(many, .99):F2} and {Latencies.Percentile(few, .99):F2} ms; a job's write {write:F2} ms",
            "p99 50 ms", "alike");
    }

    private static async Task<(List<double> Claims, double Write)> ClaimAsync(ServiceProvider services, string project, int jobs)
    {
        await services.GetRequiredService<ProjectStore>().CreateAsync(
            new ProjectRecord { Name = project, Creator = "users/u", CreateTime = DateTimeOffset.UnixEpoch, UpdateTime = DateTimeOffset.UnixEpoch });
        var projector = services.GetRequiredService<ICatalogProjector>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = writer; i < jobs; i += Writers) await projector.ProjectAsync(Job(project, i), CancellationToken.None);
        })));
        var write = clock.Elapsed.TotalMilliseconds / jobs;

        var (storage, uploads, delays) = (services.GetRequiredService<ProjectStorage>(), services.GetRequiredService<UploadIndex>(), new List<double>());
        var upload = new UploadRecord
        {
            Name = $"{project}/uploads/u", Project = project, Dataset = $"{project}/datasets/d", Session = "s", FileName = "t.csv", State = Catalog.UploadState.Open, Creator = "users/u",
            CreateTime = DateTimeOffset.UnixEpoch, ExpireTime = DateTimeOffset.UnixEpoch,
        };
        await uploads.CreateAsync(upload);
        for (var i = 1; i <= Claims; i++)
        {
            var began = Stopwatch.GetTimestamp();
            if ((await storage.TryClaimAsync(upload, i * Piece, ahead: 0, limit: long.MaxValue)).Claimed is null) throw new InvalidOperationException("There was room.");
            delays.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        delays.Sort();
        return (delays, write);
    }

    /// <summary>A training with a table that all have and a model of its own.</summary>
    private static JobSnapshot Job(string project, int number)
    {
        var (table, model) = (Object(0), Object(number + 1));
        return new JobSnapshot
        {
            Name = $"{project}/jobs/{number}", Kind = WorkKind.Training, Subject = $"{project}/generators/{number}", State = WorkState.Running, CreateTime = DateTimeOffset.UnixEpoch,
            Version = 1, Needs = [table], Result = new WorkResult(new Dictionary<string, ObjectRef> { ["model"] = model }, new Dictionary<string, double>()),
        };
    }

    private static ObjectRef Object(int number)
    {
        var sha256 = $"{number:x64}";
        return new ObjectRef($"sha256/{sha256[..2]}/{sha256}", sha256, 1_000 + number, "application/octet-stream");
    }

    private sealed class NoObjects : IObjectReader
    {
        public Task<string> ReadTextAsync(ObjectRef reference, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
