using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>What was stored while nobody could be told of it is there when somebody is. The clock is played.</summary>
[TestClass]
public sealed class PatientSweepTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1), Outage = TimeSpan.FromHours(2);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-").FullName;
    private ServiceProvider _services = null!;
    private PatientSweep _sweep = null!;
    private bool _away;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private IObjectStore Objects => _services.GetRequiredService<IObjectStore>();

    [TestInitialize]
    public void Open()
    {
        var database = $"Data Source={Path.Combine(_folder, "catalog.db")}";
        CatalogSchema.Apply(database);
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_clock)
            .AddSynthStudioStorage(new StorageOptions { Root = _folder }).AddSynthStudioCatalog(database).BuildServiceProvider();
        _sweep = NewProcess();
    }

    [TestCleanup]
    public async Task CloseAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public async Task A_model_that_was_stored_when_the_database_went_away_for_hours_is_there_for_its_owner()
    {
        await PassAsync(Grace);
        var (model, nobodys) = (await PutAsync("a model"), await PutAsync("nobody's"));
        _away = true;
        await PassAsync(Outage);
        _away = false;

        Assert.AreEqual(0, (await _sweep.RunAsync(Grace, Cancellation)).Objects, "Its owner has not been heard yet.");
        await PassAsync(Grace - PatientSweep.Interval);
        Assert.AreEqual(0, (await _sweep.RunAsync(Grace, Cancellation)).Objects);
        await NameAsync(model);
        await PassAsync(PatientSweep.Interval);

        Assert.AreEqual(1, (await _sweep.RunAsync(Grace, Cancellation)).Objects);
        Assert.IsTrue(await Objects.ExistsAsync(model, Cancellation));
        Assert.IsFalse(await Objects.ExistsAsync(nobodys, Cancellation));
    }

    [TestMethod]
    public async Task A_process_that_starts_after_the_outage_waits_as_long()
    {
        var model = await PutAsync("a model");
        await PassAsync(Outage);
        _sweep = NewProcess();

        Assert.AreEqual(0, (await _sweep.RunAsync(Grace, Cancellation)).Objects);
        await PassAsync(Grace);
        Assert.AreEqual(1, (await _sweep.RunAsync(Grace, Cancellation)).Objects);
        Assert.IsFalse(await Objects.ExistsAsync(model, Cancellation));
    }

    [TestMethod]
    public async Task A_process_that_hung_does_not_know_and_waits_as_long()
    {
        await PassAsync(Grace);
        await PutAsync("a model");
        _clock.Advance(Outage);

        Assert.AreEqual(0, (await _sweep.RunAsync(Grace, Cancellation)).Objects);
        await PassAsync(Grace);
        Assert.AreEqual(1, (await _sweep.RunAsync(Grace, Cancellation)).Objects);
    }

    [TestMethod]
    public async Task An_answer_that_does_not_come_is_none()
    {
        await PassAsync(Grace);
        await PutAsync("nobody's");
        await PassAsync(Grace);
        var silent = new TaskCompletionSource();
        var sweep = new PatientSweep(_services.GetRequiredService<ObjectSweep>(), _ => silent.Task, _clock, NullLogger<PatientSweep>.Instance);

        var running = sweep.RunAsync(TimeSpan.Zero, Cancellation);
        Assert.IsFalse(running.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(15));

        Assert.AreEqual(0, (await running).Objects);
    }

    private PatientSweep NewProcess() => new(
        _services.GetRequiredService<ObjectSweep>(), _ => _away ? Task.FromException(new TimeoutException()) : Task.CompletedTask, _clock,
        NullLogger<PatientSweep>.Instance);

    /// <summary>Time passes, and the process looks as it does.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        await _sweep.LookAsync(Cancellation);
        for (var passed = TimeSpan.Zero; passed < time; passed += PatientSweep.Interval)
        {
            _clock.Advance(PatientSweep.Interval);
            await _sweep.LookAsync(Cancellation);
        }
    }

    private Task<ObjectRef> PutAsync(string content) => Objects.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), "a/b", Cancellation);

    private Task NameAsync(ObjectRef reference) => _services.GetRequiredService<DatasetStore>().CreateAsync(
        new DatasetRecord
        {
            Name = "projects/p/datasets/d", Project = "projects/p", State = DatasetState.Ready, ProfileJob = "", Creator = "users/u", Object = reference,
            CreateTime = _clock.GetUtcNow(), UpdateTime = _clock.GetUtcNow(),
        },
        Cancellation);
}
