namespace SynthStudio.Catalog.Tests;

/// <summary>Bytes that are added to a project are counted for their month, each once, whatever is repeated, and stay counted when they are deleted.</summary>
public abstract class StoredUsageTests(Provider provider)
{
    private const string Project = TestCatalog.Project;
    private static readonly DateTimeOffset Month = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private DateTimeOffset Now => _catalog.Clock.GetUtcNow();

    private ICatalogProjector Projector => _catalog.Get<ICatalogProjector>();

    private DatasetStore Datasets => _catalog.Get<DatasetStore>();

    [TestInitialize]
    public async Task OpenAsync() => _catalog = await TestCatalog.CreateAsync(provider);

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task What_a_job_left_is_counted_once_however_often_its_end_is_told()
    {
        var job = Job("j") with
        {
            Parts = [new PartRef(0, 10, Ref("a", 700)), new PartRef(1, 5, Ref("b", 30))],
            Result = new WorkResult(new Dictionary<string, ObjectRef> { ["report"] = Ref("r", 4), ["same"] = Ref("a", 700) }, new Dictionary<string, double>()),
        };
        await Projector.ProjectAsync(job with { State = WorkState.Running, EndTime = null, Version = 1 }, Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Projector.ProjectAsync(job, Cancellation)));
        await Projector.ProjectAsync(job with { Version = 3, Parts = [new PartRef(0, 10, Ref("a", 9_999))] }, Cancellation);
        await Projector.ProjectAsync(Job("failed") with { State = WorkState.Failed }, Cancellation);
        await _catalog.Get<JobIndex>().DeleteAsync(job.Name, Cancellation);

        var usage = (await _catalog.Get<JobUsageStore>().ListAsync(Project, Month, Month.AddMonths(1), Cancellation)).Single();
        Assert.AreEqual((2, 15, 734), (usage.Jobs, usage.Rows, usage.Bytes));
        Assert.IsEmpty(await _catalog.Get<JobUsageStore>().ListAsync(Project, Month.AddMonths(1), Month.AddMonths(2), Cancellation));
    }

    [TestMethod]
    public async Task A_table_is_counted_for_the_one_call_that_gave_it_and_stays_counted_when_it_is_purged()
    {
        await Datasets.CreateAsync(_catalog.NewDataset("d"), Cancellation);
        var filled = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => FillAsync("d", $"j{i}", 40, ArrivalSource.Upload), Cancellation)));
        Assert.AreEqual(1, filled.Count(isFilled => isFilled));
        await ArrivedAsync(new Arrivals(Project, ArrivalSource.Upload, 1, 40));

        await Datasets.PurgeAsync($"{Project}/datasets/d", Now, Cancellation);
        await ArrivedAsync(new Arrivals(Project, ArrivalSource.Upload, 1, 40));

        await Datasets.CreateAsync(_catalog.NewDataset("d"), Cancellation);
        Assert.IsTrue(await FillAsync("d", "again", 7, ArrivalSource.Upload));
        await Datasets.CreateAsync(_catalog.NewDataset("e"), Cancellation);
        Assert.IsTrue(await FillAsync("e", "fetched", 100, ArrivalSource.Import));
        await ArrivedAsync(new Arrivals(Project, ArrivalSource.Import, 1, 100), new Arrivals(Project, ArrivalSource.Upload, 2, 47));
    }

    [TestMethod]
    public async Task Neither_the_rows_nor_their_bytes_are_there_when_a_call_dies_before_both()
    {
        await Datasets.CreateAsync(_catalog.NewDataset("d"), Cancellation);
        await _catalog.Database.ExecuteAsync("ALTER TABLE arrivals RENAME TO away", Cancellation); // What is noted with the rows fails.
        await Assert.ThrowsAsync<System.Data.Common.DbException>(() => FillAsync("d", "j", 40, ArrivalSource.Upload));
        await _catalog.Database.ExecuteAsync("ALTER TABLE away RENAME TO arrivals", Cancellation);

        Assert.IsNull((await Datasets.FindAsync($"{Project}/datasets/d", Cancellation))!.Object);
        await ArrivedAsync();
        Assert.IsTrue(await FillAsync("d", "j", 40, ArrivalSource.Upload), "The repeat.");
        await ArrivedAsync(new Arrivals(Project, ArrivalSource.Upload, 1, 40));
    }

    [TestMethod]
    public async Task A_model_from_elsewhere_is_counted_once_and_one_that_was_trained_here_is_its_jobs()
    {
        var imported = Generator("imported") with { Origin = new PackageOrigin() };
        await Task.WhenAll(Enumerable.Range(1, 6).Select(version => Projector.ProjectAsync(imported with { Version = version % 3 + 1 }, Cancellation)));
        await Projector.ProjectAsync(imported with { Version = 9, DeleteTime = Now, PurgeTime = Now.AddDays(7) }, Cancellation);
        await Projector.ProjectAsync(Generator("trained"), Cancellation);

        await ArrivedAsync(new Arrivals(Project, ArrivalSource.Package, 1, 500));
    }

    [TestMethod]
    public async Task The_files_of_a_pack_are_counted_where_it_is_kept_and_months_are_apart()
    {
        var packs = _catalog.Get<EvidencePackStore>();
        Assert.IsTrue(await packs.TryCreateAsync(Pack("a", Now), most: 2, Cancellation));
        await Assert.ThrowsExactlyAsync<AlreadyExistsException>(() => packs.TryCreateAsync(Pack("a", Now), most: 9, Cancellation));
        Assert.IsTrue(await packs.TryCreateAsync(Pack("b", Month.AddMonths(1)), most: 2, Cancellation));
        Assert.IsFalse(await packs.TryCreateAsync(Pack("c", Now), most: 2, Cancellation));
        Assert.IsTrue(await packs.TryCreateAsync(Pack("d", Now) with { Name = "projects/q/evidencePacks/d", Project = "projects/q" }, most: 2, Cancellation));

        await ArrivedAsync(new Arrivals(Project, ArrivalSource.EvidencePack, 1, 33));
        Assert.HasCount(2, await _catalog.Get<ArrivalStore>().ListAsync(project: null, Month, Month.AddMonths(1), Cancellation));
        Assert.AreEqual(33, (await _catalog.Get<ArrivalStore>().ListAsync(Project, Month.AddMonths(1), Month.AddMonths(2), Cancellation)).Single().Bytes);
    }

    private static ObjectRef Ref(string key, long size) => new(key, "ab", size, "text/plain");

    private static EvidencePackRecord Pack(string id, DateTimeOffset time) => new()
    {
        Name = $"{Project}/evidencePacks/{id}", Project = Project, Frameworks = [], Number = 1, FactsSha256 = "", Summary = new Dictionary<string, int>(), Creator = "users/u", CreateTime = time,
        Files = new Dictionary<string, ObjectRef> { ["Html"] = Ref("h", 30), ["Json"] = Ref("j", 3) },
    };

    private JobSnapshot Job(string id) => new()
    {
        Name = $"{Project}/jobs/{id}", Kind = WorkKind.Generation, Subject = $"{Project}/syntheticDatasets/s", State = WorkState.Succeeded, CreateTime = Now, StartTime = Now, EndTime = Now, Version = 2,
    };

    private GeneratorSnapshot Generator(string id) => new()
    {
        Name = $"{Project}/generators/{id}",
        Definition = new GeneratorDefinition
        {
            Dataset = "",
            Training = new TrainingSpec
            {
                Data = new DataInput(Ref("", 0), "", ""), Method = "copula", Options = new Dictionary<string, string>(),
            },
            Requirements = WorkRequirements.Any, Creator = "users/u",
        },
        State = GeneratorState.Ready, Model = Ref("model", 500), Accountant = new AccountantSnapshot(false, []),
        CreateTime = Now, UpdateTime = Now, Version = 1,
    };

    /// <summary>Gives a data set rows, unless another call was first.</summary>
    private async Task<bool> FillAsync(string id, string job, long bytes, ArrivalSource source)
    {
        try
        {
            var empty = (await Datasets.FindAsync($"{Project}/datasets/{id}", Cancellation))!;
            if (empty.Object is not null) return false;
            await Datasets.FillAsync(empty with { State = DatasetState.Profiling, Object = Ref("k", bytes), ProfileJob = $"{Project}/jobs/{job}" }, source, Now, Cancellation);
            return true;
        }
        catch (VersionConflictException)
        {
            return false;
        }
    }

    private async Task ArrivedAsync(params Arrivals[] wanted) =>
        CollectionAssert.AreEqual(wanted, (await _catalog.Get<ArrivalStore>().ListAsync(Project, Month, Month.AddMonths(1), Cancellation)).ToArray());
}
