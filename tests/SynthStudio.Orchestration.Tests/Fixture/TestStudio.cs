using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.TestingHost;
using SynthStudio.Compute;
using SynthStudio.Storage;

namespace SynthStudio.Orchestration.Tests;

/// <summary>
/// Clusters over stores that outlive them, with scripted workers and periods short enough for tests; silos
/// are believed dead no sooner than elsewhere.
/// </summary>
public sealed class TestStudio : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("synthstudio-orchestration-").FullName;
    private InProcessTestCluster? cluster;

    /// <summary>Changes the control plane's periods.</summary>
    public Action<OrchestrationOptions> Periods { get; init; } = _ => { };

    /// <summary>Changes what compute silos do.</summary>
    public Action<ComputeOptions> Computing { get; init; } = _ => { };

    /// <summary>Adds to the services of silos.</summary>
    public Action<IServiceCollection> Services { get; init; } = _ => { };

    /// <summary>What the driver tells of the machine's GPUs.</summary>
    public GpuMemory[] Gpus { get; init; } = [];

    public MemoryLeaseStore Leases { get; init; } = new(TimeProvider.System);

    public MemoryProgressLog Log { get; } = new();

    public MemoryCatalog Catalog { get; } = new();

    public MemoryPrivacyLedger Ledger { get; } = new();

    public MemoryGrainStorage Grains { get; } = new();

    public RecordedLogs Logs { get; } = new();

    /// <summary>Whether the object store serves.</summary>
    public StoreWeather Store { get; } = new();

    public InProcessTestCluster Cluster => cluster ?? throw new InvalidOperationException("Start a cluster first.");

    public IGrainFactory Client => Cluster.Client;

    public string ScratchFolder => Path.Combine(folder, "scratch");

    public ISchedulerGrain Scheduler => Client.GetGrain<ISchedulerGrain>(0);

    /// <summary>
    /// Starts silos: one for each kind of accelerator, <c>none</c> for a silo that does not compute; after <c>only</c> and a space it is one that
    /// only computes.
    /// </summary>
    public static async Task<TestStudio> StartAsync(params string[] accelerators)
    {
        var studio = new TestStudio();
        await studio.StartClusterAsync(accelerators);
        return studio;
    }

    /// <summary>Starts a cluster on the same stores; the one before must be gone.</summary>
    public async Task StartClusterAsync(params string[] accelerators)
    {
        string[] kinds = accelerators.Length == 0 ? ["cpu"] : accelerators;
        var builder = new InProcessTestClusterBuilder((short)kinds.Length);
        builder.ConfigureSilo((options, silo) =>
        {
            var number = int.Parse(options.SiloName.AsSpan(options.SiloName.LastIndexOf('_') + 1), System.Globalization.CultureInfo.InvariantCulture);
            Configure(silo, kinds[number % kinds.Length]);
        });
        cluster = builder.Build();
        await cluster.DeployAsync();
    }

    /// <summary>Puts text into the object store.</summary>
    public async Task<ObjectRef> PutAsync(string text)
    {
        using var content = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        return await Objects.PutAsync(content, "text/plain");
    }

    public async Task<string> ReadAsync(ObjectRef reference) => await File.ReadAllTextAsync(await Objects.GetLocalPathAsync(reference));

    /// <summary>A file that scripts wait for (<c>wait FILE</c>) until <see cref="Open"/> makes it.</summary>
    public string Gate(string name = "gate") => Path.Combine(folder, name);

    public void Open(string name = "gate") => File.WriteAllText(Gate(name), "");

    /// <summary>The file in which the object store keeps this text; as a disk or a hand may change it.</summary>
    public string StoredFile(string text)
    {
        var file = Directory.EnumerateFiles(Path.Combine(folder, "store", "objects", "sha256"), "*", SearchOption.AllDirectories)
            .Single(f => File.ReadAllText(f) == text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    public InProcessSiloHandle SiloAt(string address) => Cluster.Silos.Single(s => s.SiloAddress.ToParsableString() == address);

    /// <summary>Ends the cluster as a power cut does.</summary>
    public async Task KillClusterAsync()
    {
        foreach (var silo in Cluster.Silos.ToList()) await Cluster.KillSiloAsync(silo);
        await Cluster.DisposeAsync();
        cluster = null;
    }

    /// <summary>Ends the cluster in order.</summary>
    public async Task StopClusterAsync()
    {
        await Cluster.StopAllSilosAsync();
        await Cluster.DisposeAsync();
        cluster = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null) await KillClusterAsync();
        for (var tries = 0; Directory.Exists(folder); tries++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (tries < 1500)
            {
                await Task.Delay(20); // A worker that was told to leave writes its checkpoint until it is gone.
            }
        }
    }

    private IObjectStore Objects => Cluster.Silos[0].ServiceProvider.GetRequiredService<IObjectStore>();

    private void Configure(ISiloBuilder silo, string kind)
    {
        const string Only = "only ";
        var onlyComputes = kind.StartsWith(Only, StringComparison.Ordinal);
        var accelerator = onlyComputes ? kind[Only.Length..] : kind;
        silo.Services.AddSingleton<ILeaseStore>(Leases);
        silo.Services.AddSingleton<IProgressLog>(Log);
        silo.Services.AddSingleton<ICatalogProjector>(Catalog);
        silo.Services.AddSingleton<IPrivacyLedger>(Ledger);
        silo.Services.AddKeyedSingleton(OrchestrationOptions.StorageName, (provider, _) => Grains.For(provider.GetRequiredService<Serializer>()));
        var storage = new StorageOptions { Root = Path.Combine(folder, "store") };
        silo.Services.AddSynthStudioStorage(storage);
        silo.Services.AddSingleton<IObjectStore>(_ => new UnsteadyObjects(
            new ServiceCollection().AddSingleton(TimeProvider.System).AddSynthStudioStorage(storage).BuildServiceProvider()
                .GetRequiredService<IObjectStore>(),
            Store));
        silo.Services.AddLogging(logging => logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Information));
        silo.UseInMemoryReminderService();
        silo.Configure<ReminderOptions>(o => o.MinimumReminderPeriod = TimeSpan.FromMilliseconds(100));
        silo.AddSynthStudioOrchestration(o =>
        {
            o.WatchPeriod = TimeSpan.FromMilliseconds(100);
            o.ReconcilePeriod = TimeSpan.FromMilliseconds(500);
            o.TendPeriod = TimeSpan.FromMilliseconds(200);
            Periods(o);
        }, onlyComputes ? SiloRole.Compute : SiloRole.All);
        Services(silo.Services);
        if (accelerator == "none") return;

        silo.Services.AddSingleton<IGpuMemoryReader>(new PlayedGpus(Gpus));
        silo.AddSynthStudioCompute(o =>
        {
            o.Accelerator = accelerator;
            o.WorkerPath = Path.Combine(AppContext.BaseDirectory, "SynthStudio.TestWorker.dll");
            o.ScratchFolder = ScratchFolder;
            o.HeartbeatPeriod = TimeSpan.FromMilliseconds(300);
            o.ReportPeriod = TimeSpan.FromMilliseconds(300);
            o.KillGrace = TimeSpan.FromMilliseconds(700);
            o.ShutdownGrace = TimeSpan.FromSeconds(3);
            o.WarmDelay = TimeSpan.Zero;
            Computing(o);
        });
    }
}
