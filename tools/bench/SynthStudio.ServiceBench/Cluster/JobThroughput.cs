using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;
using SynthStudio.Catalog;
using SynthStudio.Orchestration;
using SynthStudio.Storage;
using SynthStudio.Testing.Servers;

namespace SynthStudio.ServiceBench;

/// <summary>
/// Jobs a second through owners, scheduler, leases and progress log, with the real stores on one PostgreSQL and two silos that take every lease
/// and complete it at once. Both silos, the database and the caller share this machine.
/// </summary>
internal static class JobThroughput
{
    private const int Jobs = 2000;
    private const int Slots = 16;

    /// <summary>A silo runs for weeks: what is measured is code that is compiled as it will stay.</summary>
    private const int WarmUp = 1000;

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        await using var postgres = await PostgresServer.StartAsync(synchronises: true);
        var database = await postgres.CreateDatabaseAsync();
        using var folder = new TemporaryFolder();
        await using var source = PostgresDatabase.Open(database);
        await new PostgresMigrator(source).ApplyAsync();
        var ports = (Silo: FreePort(), Gateway: FreePort());
        using var one = Silo(source, folder, ports.Silo, ports.Silo);
        using var two = Silo(source, folder, FreePort(), ports.Silo);
        await one.StartAsync();
        await two.StartAsync();

        var grains = one.Services.GetRequiredService<IGrainFactory>();
        while ((await grains.GetGrain<ISchedulerGrain>(0).GetClusterAsync()).Silos.Count < 2) await Task.Delay(20);
        await RunAsync(grains, "warm", WarmUp);
        var clock = Stopwatch.StartNew();
        await RunAsync(grains, "job", Jobs);
        var seconds = clock.Elapsed.TotalSeconds;
        await two.StopAsync();
        await one.StopAsync();
        return new Measured($"job throughput through the scheduler, {Jobs:N0} jobs of no work, 2 silos, PostgreSQL", $"{Jobs / seconds:N0}/s", "50/s", "300/s");
    }

    private static async Task RunAsync(IGrainFactory grains, string prefix, int count)
    {
        var spec = new GenerationSpec { Model = new("none", "", 0, ""), Rows = 1, Given = new Dictionary<string, string?>() };
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            var name = $"projects/p{i % 4}/jobs/{prefix}{i}";
            var job = grains.GetGrain<IJobGrain>(name);
            await job.SubmitAsync(new JobSubmission($"projects/p{i % 4}/syntheticDatasets/{prefix}{i}", spec, 3, WorkRequirements.Cpu));
            var after = 0L;
            while (true)
            {
                var batch = await job.ReadProgressAsync(name, after, TimeSpan.FromSeconds(20));
                if (batch.Ended) return;
                if (batch.Events.Count > 0) after = batch.Events[^1].Sequence;
            }
        });
    }

    private static IHost Silo(PostgresDataSource source, TemporaryFolder folder, int port, int primary)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System).AddLogging();
        builder.Services.AddSynthStudioStorage(new StorageOptions { Root = folder[$"store-{port}"] });
        builder.Services.AddSynthStudioCatalog(
            source, LedgerKey.Open(Path.Combine(folder[$"key-{port}"], "ledger.key")), _ => new SqliteLedgerAnchor(folder[$"anchor-{port}.db"]));
        builder.Services
            .AddSingleton<NothingToDo>()
            .AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(p => p.GetRequiredService<NothingToDo>());
        // The real one is in this process too, with the server that other measurements start.
        builder.Services.PostConfigure<GrainTypeOptions>(types => types.Classes.RemoveWhere(
            type => typeof(IComputeGrain).IsAssignableFrom(type) && type != typeof(NoWorkComputeGrain)));
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, gatewayPort: 0, primarySiloEndpoint: new IPEndPoint(IPAddress.Loopback, primary), "bench", "bench");
            silo.Configure<EndpointOptions>(endpoint => endpoint.GatewayPort = 0);
            silo.AddAdoNetGrainStorage(OrchestrationOptions.StorageName, (Microsoft.Extensions.Options.OptionsBuilder<AdoNetGrainStorageOptions> storage) =>
                storage.Configure<Serializer>((settings, serializer) =>
                {
                    settings.Invariant = PostgresDatabase.Invariant;
                    settings.DataSource = source;
                    settings.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
                }));
            silo.UseInMemoryReminderService();
            silo.AddSynthStudioOrchestration();
        });
        return builder.Build();
    }

    private static int FreePort() => Ports.FindFree();

    /// <summary>Says every few seconds that this silo computes.</summary>
    private sealed class NothingToDo(IGrainFactory grains, ILocalSiloDetails silo) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
            nameof(NothingToDo),
            ServiceLifecycleStage.Active + 1,
            cancellation =>
            {
                _ = BeatAsync();
                return Task.CompletedTask;
            },
            cancellation => _stopping.CancelAsync());

        public void Dispose() => _stopping.Dispose();

        private async Task BeatAsync()
        {
            while (!_stopping.IsCancellationRequested)
            {
                await grains.GetGrain<ISchedulerGrain>(0).HeartbeatAsync(new ComputeSilo
                {
                    Address = silo.SiloAddress, Name = silo.Name, Accelerator = "cpu", Slots = Slots, MemoryBytes = long.MaxValue, Leases = [],
                });
                await Task.Delay(TimeSpan.FromSeconds(5), _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

/// <summary>Takes every lease and reports it done.</summary>
[GrainType("synthstudio.bench.compute"), OnNamedSilo, Orleans.Concurrency.Reentrant]
internal sealed class NoWorkComputeGrain(ILocalSiloDetails silo) : Grain, IComputeGrain
{
    public Task<bool> StartAsync(WorkItem item, LeaseEpoch epoch)
    {
        _ = RunAsync(item, epoch);
        return Task.FromResult(true);
    }

    public Task HandOverAsync() => Task.CompletedTask;

    public Task NudgeAsync(string job, LeaseEpoch epoch) => Task.CompletedTask;

    private async Task RunAsync(WorkItem item, LeaseEpoch epoch)
    {
        var owner = GrainFactory.GetWorkOwner(item.Kind, item.Owner);
        if (await owner.TakeOrderAsync(item.Job, epoch, silo.SiloAddress.ToParsableString()) is null) return;

        await owner.ReportAsync(
            item.Job, epoch, 0,
            [new WorkStarted("bench", 1, "cpu"),
             new WorkCompleted(new(new Dictionary<string, ObjectRef>(), new Dictionary<string, double>()))]);
    }
}
