using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Storage;

namespace SynthStudio.Catalog.Tests;

/// <summary>What is swept away and what never is.</summary>
public abstract class ObjectSweepTests(Provider provider)
{
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private TestCatalog _catalog = null!;
    private ServiceProvider _storage = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private IObjectStore Objects => _storage.GetRequiredService<IObjectStore>();

    private ObjectSweep Sweep => new(new ObjectReferences(_catalog.Database), Objects);

    [TestInitialize]
    public async Task OpenAsync()
    {
        _catalog = await TestCatalog.CreateAsync(provider);
        _storage = new ServiceCollection()
            .AddSingleton<TimeProvider>(_catalog.Clock)
            .AddSynthStudioStorage(new StorageOptions { Root = _catalog.Folder })
            .BuildServiceProvider();
    }

    [TestCleanup]
    public async Task CloseAsync()
    {
        await _storage.DisposeAsync();
        await _catalog.DisposeAsync();
    }

    [TestMethod]
    public async Task An_old_object_that_nothing_names_is_removed_and_a_young_one_is_not()
    {
        var old = await PutAsync("old");
        _catalog.Clock.Advance(Grace);
        var young = await PutAsync("young");
        _catalog.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.AreEqual(new FreedSpace(1, 3), await Sweep.RunAsync(Grace, Cancellation));

        Assert.IsFalse(await Objects.ExistsAsync(old, Cancellation));
        Assert.IsTrue(await Objects.ExistsAsync(young, Cancellation));
        Assert.AreEqual(new FreedSpace(0, 0), await Sweep.RunAsync(Grace, Cancellation), "A second round finds nothing.");
    }

    [TestMethod]
    public async Task What_was_just_put_stays_though_the_clock_of_the_process_that_sweeps_is_hours_ahead_of_the_stores()
    {
        var storeClock = new FakeTimeProvider(_catalog.Clock.GetUtcNow());
        await using var storage = new ServiceCollection().AddSingleton<TimeProvider>(storeClock)
            .AddSynthStudioStorage(new StorageOptions { Root = _catalog.Folder }).BuildServiceProvider();
        var objects = storage.GetRequiredService<IObjectStore>();
        var sweep = new ObjectSweep(new ObjectReferences(_catalog.Database), objects);
        var put = await objects.PutAsync(new MemoryStream([1]), "a/b", Cancellation);

        _catalog.Clock.Advance(2 * Grace);
        Assert.AreEqual(new FreedSpace(0, 0), await sweep.RunAsync(Grace, Cancellation));
        Assert.IsTrue(await objects.ExistsAsync(put, Cancellation));
        storeClock.Advance(2 * Grace);
        Assert.AreEqual(new FreedSpace(1, 1), await sweep.RunAsync(Grace, Cancellation));
    }

    [TestMethod]
    public async Task Whatever_the_catalog_names_stays_however_old_it_is()
    {
        var named = new List<ObjectRef>();
        var dataset = _catalog.NewDataset("d", DatasetState.Ready) with { Object = await NamedAsync("data"), Profile = await NamedAsync("profile") };
        await _catalog.Get<DatasetStore>().CreateAsync(dataset, Cancellation);
        await _catalog.Get<EvidencePackStore>().TryCreateAsync(
            new EvidencePackRecord
            {
                Name = "projects/p/evidencePacks/a", Project = "projects/p", Frameworks = [], Number = 1, FactsSha256 = "", Summary = new Dictionary<string, int>(),
                Files = new Dictionary<string, ObjectRef> { ["Html"] = await NamedAsync("page") }, Creator = "users/u", CreateTime = _catalog.Clock.GetUtcNow(),
            },
            most: 1, Cancellation);
        await _catalog.Get<SyntheticDatasetStore>().CreateAsync(Synthetic() with
        {
            Parts = [new PartRef(0, 1, await NamedAsync("part 0")), new PartRef(1, 1, await NamedAsync("part 1"))],
        }, Cancellation);
        await _catalog.Get<EvaluationStore>().CreateAsync(Evaluation() with { Report = await NamedAsync("report") }, Cancellation);
        await _catalog.Get<ICatalogProjector>().ProjectAsync(Generator(await NamedAsync("learned"), await NamedAsync("model")), Cancellation);
        await _catalog.Get<ICatalogProjector>().ProjectAsync(Job("running") with
        {
            State = WorkState.Running,
            Needs = [await NamedAsync("input"), await NamedAsync("checkpoint")],
            Parts = [new PartRef(0, 1, await NamedAsync("drawn so far"))],
        }, Cancellation);
        await _catalog.Get<ICatalogProjector>().ProjectAsync(Job("ended") with
        {
            State = WorkState.Succeeded,
            Result = new WorkResult(
                new Dictionary<string, ObjectRef> { ["model"] = await NamedAsync("an older model") }, new Dictionary<string, double>()),
        }, Cancellation);
        var completing = await NamedAsync("an upload that is being completed");
        await _catalog.Get<UploadIndex>().CreateAsync(Upload(), Cancellation);
        await _catalog.Get<UploadIndex>().NoteObjectAsync(Upload(), completing.Sha256, completing.Key, Cancellation);
        var unnamed = await PutAsync("nobody's");
        _catalog.Clock.Advance(TimeSpan.FromDays(365));

        var freed = await Sweep.RunAsync(Grace, Cancellation);

        Assert.AreEqual(
            named.Where(reference => reference != completing).Sum(reference => reference.Size),
            (await _catalog.Get<ProjectStorage>().ReadAsync(TestCatalog.Project, Cancellation)).Stored,
            "All of it counts for the quota.");
        Assert.AreEqual(1, freed.Objects);
        Assert.IsFalse(await Objects.ExistsAsync(unnamed, Cancellation));
        Assert.HasCount(13, named);
        foreach (var reference in named) Assert.IsTrue(await Objects.ExistsAsync(reference, Cancellation), await NameAsync(reference));

        async Task<ObjectRef> NamedAsync(string content)
        {
            named.Add(await PutAsync(content));
            return named[^1];
        }
    }

    [TestMethod]
    public async Task What_was_deleted_or_replaced_is_freed()
    {
        var data = await PutAsync("data");
        var dataset = _catalog.NewDataset("d", DatasetState.Ready) with { Object = data };
        await _catalog.Get<DatasetStore>().CreateAsync(dataset, Cancellation);
        var (first, second) = (await PutAsync("checkpoint 1"), await PutAsync("checkpoint 2"));
        var running = Job("j") with { State = WorkState.Running, Needs = [first] };
        await _catalog.Get<ICatalogProjector>().ProjectAsync(running, Cancellation);
        await _catalog.Get<ICatalogProjector>().ProjectAsync(running with { Needs = [second], Version = 2 }, Cancellation);
        _catalog.Clock.Advance(Grace * 2);

        await Sweep.RunAsync(Grace, Cancellation);
        Assert.IsFalse(await Objects.ExistsAsync(first, Cancellation), "a newer checkpoint replaced it");
        Assert.IsTrue(await Objects.ExistsAsync(second, Cancellation));
        Assert.IsTrue(await Objects.ExistsAsync(data, Cancellation));

        await _catalog.Get<DatasetStore>().DeleteAsync(dataset.Name, cancellation: Cancellation);
        await _catalog.Get<ICatalogProjector>().ProjectAsync(running with { State = WorkState.Succeeded, Needs = [], Version = 3 }, Cancellation);
        await Sweep.RunAsync(Grace, Cancellation);
        Assert.IsFalse(await Objects.ExistsAsync(second, Cancellation), "the job has ended");
        Assert.IsFalse(await Objects.ExistsAsync(data, Cancellation), "the data set is deleted");
    }

    [TestMethod]
    public async Task The_same_bytes_stay_as_long_as_one_of_two_names_them()
    {
        var shared = await PutAsync("same bytes");
        foreach (var id in new[] { "one", "two" })
            await _catalog.Get<DatasetStore>().CreateAsync(_catalog.NewDataset(id, DatasetState.Ready) with { Object = shared }, Cancellation);
        await _catalog.Get<DatasetStore>().DeleteAsync($"{TestCatalog.Project}/datasets/one", cancellation: Cancellation);
        _catalog.Clock.Advance(Grace * 2);

        await Sweep.RunAsync(Grace, Cancellation);

        Assert.IsTrue(await Objects.ExistsAsync(shared, Cancellation));
    }

    private async Task<ObjectRef> PutAsync(string content) =>
        await Objects.PutAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)), "a/b", Cancellation);

    private async Task<string> NameAsync(ObjectRef reference) =>
        await Objects.ExistsAsync(reference, Cancellation) ? await Objects.ReadTextAsync(reference, Cancellation) : $"{reference.Key} is gone";

    private SyntheticDatasetRecord Synthetic() => new()
    {
        Name = $"{TestCatalog.Project}/syntheticDatasets/s", Project = TestCatalog.Project, Generator = $"{TestCatalog.Project}/generators/g",
        Rows = 2, Seed = 1, State = ArtifactState.Ready, Job = $"{TestCatalog.Project}/jobs/s", Creator = "users/u",
        CreateTime = _catalog.Clock.GetUtcNow(), UpdateTime = _catalog.Clock.GetUtcNow(),
    };

    private EvaluationRecord Evaluation() => new()
    {
        Name = $"{TestCatalog.Project}/evaluations/e", Project = TestCatalog.Project, Dataset = $"{TestCatalog.Project}/datasets/d",
        SyntheticDataset = Synthetic().Name, State = ArtifactState.Ready, Job = $"{TestCatalog.Project}/jobs/e", Creator = "users/u",
        CreateTime = _catalog.Clock.GetUtcNow(), UpdateTime = _catalog.Clock.GetUtcNow(),
    };

    private UploadRecord Upload() => new()
    {
        Name = $"{TestCatalog.Project}/uploads/u", Project = TestCatalog.Project, Dataset = $"{TestCatalog.Project}/datasets/u", Session = "s",
        FileName = "t.csv", State = UploadState.Open, Creator = "users/u", CreateTime = _catalog.Clock.GetUtcNow(),
        ExpireTime = _catalog.Clock.GetUtcNow(),
    };

    private GeneratorSnapshot Generator(ObjectRef learned, ObjectRef model) => new()
    {
        Name = $"{TestCatalog.Project}/generators/g", State = GeneratorState.Ready, Model = model, Accountant = new(false, []),
        CreateTime = _catalog.Clock.GetUtcNow(), UpdateTime = _catalog.Clock.GetUtcNow(), Version = 1,
        Definition = new GeneratorDefinition
        {
            Dataset = $"{TestCatalog.Project}/datasets/gone", Creator = "users/u", Requirements = WorkRequirements.Any,
            Training = new TrainingSpec
            {
                Data = new DataInput(learned, "t.csv", ""), Method = "autoregressive", Options = new Dictionary<string, string>(),
            },
        },
    };

    private JobSnapshot Job(string id) => new()
    {
        Name = $"{TestCatalog.Project}/jobs/{id}", Kind = WorkKind.Training, Subject = $"{TestCatalog.Project}/generators/g",
        State = WorkState.Queued, CreateTime = _catalog.Clock.GetUtcNow(), Version = 1,
    };
}
