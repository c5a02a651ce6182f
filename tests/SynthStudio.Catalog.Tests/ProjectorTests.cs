namespace SynthStudio.Catalog.Tests;

public abstract class ProjectorTests(Provider provider)
{
    private const string Job = "projects/p/jobs/j";

    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private ICatalogProjector Projector => _catalog.Get<ICatalogProjector>();

    [TestInitialize]
    public async Task OpenAsync() => _catalog = await TestCatalog.CreateAsync(provider);

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task An_older_version_never_replaces_a_newer_one()
    {
        var versions = Enumerable.Range(1, 40).Select(v => Snapshot(WorkKind.Training, "projects/p/generators/g") with { Version = v, Fraction = v / 40.0 });
        await Task.WhenAll(versions.OrderBy(s => s.Version * 7 % 41).Select(s => Task.Run(() => Projector.ProjectAsync(s, Cancellation), Cancellation)));
        var found = await _catalog.Get<JobIndex>().FindAsync(Job, Cancellation);
        Assert.AreEqual(40, found!.Snapshot.Version);
        Assert.AreEqual(1.0, found.Snapshot.Fraction);
        Assert.AreEqual("projects/p/generators/g", found.Owner, "a training belongs to its generator");
    }

    [TestMethod]
    public async Task A_job_comes_back_as_it_went_in()
    {
        var job = Snapshot(WorkKind.Generation, "projects/p/syntheticDatasets/s") with
        {
            State = WorkState.Running, Priority = 1, Attempt = 2, Epoch = new LeaseEpoch(9), Step = "generate", Fraction = .5,
            Remaining = TimeSpan.FromSeconds(90), Metrics = new Dictionary<string, double> { ["rows"] = 5 }, StartTime = DateTimeOffset.UnixEpoch,
            Error = new WorkError(WorkErrorClass.Resource, "LOST", "m"), LastSequence = 77, Parts = [new PartRef(0, 5, Ref("p"))],
            Silo = "s1", Version = 3, Needs = [Ref("model"), Ref("checkpoint")],
        };
        await Projector.ProjectAsync(job, Cancellation);
        var found = (await _catalog.Get<JobIndex>().FindAsync(Job, Cancellation))!;
        Assert.AreEqual(Job, found.Owner);
        Assert.AreEqual(5, found.Snapshot.Metrics["rows"]);
        Assert.AreEqual(job.Parts[0], found.Snapshot.Parts.Single());
        CollectionAssert.AreEqual(job.Needs.ToList(), found.Snapshot.Needs.ToList());
        Assert.AreEqual(job with { Metrics = found.Snapshot.Metrics, Parts = found.Snapshot.Parts, Needs = found.Snapshot.Needs }, found.Snapshot);
        Assert.HasCount(1, (await _catalog.Get<JobIndex>().ListAsync("projects/p", new JobFilter(State: WorkState.Running), new PageRequest(5), Cancellation)).Items);
        Assert.IsEmpty((await _catalog.Get<JobIndex>().ListAsync("projects/p", new JobFilter(WorkKind.Training), new PageRequest(5), Cancellation)).Items);
    }

    [TestMethod]
    public async Task Jobs_of_a_kind_are_found_by_their_age_the_oldest_first()
    {
        var made = Snapshot(WorkKind.Extraction, "projects/p/datasets/d");
        string[] names = ["projects/p/jobs/b", "projects/q/jobs/a", "projects/p/jobs/c"];
        for (var i = 0; i < names.Length; i++)
            await Projector.ProjectAsync(made with { Name = names[i], CreateTime = made.CreateTime.AddSeconds(i) }, Cancellation);
        await Projector.ProjectAsync(Snapshot(WorkKind.Analysis, "projects/p/datasets/d") with { CreateTime = made.CreateTime.AddDays(-1) }, Cancellation);
        var index = _catalog.Get<JobIndex>();

        CollectionAssert.AreEqual(
            names[..2],
            (await index.ListOlderAsync(WorkKind.Extraction, made.CreateTime.AddSeconds(2), 9, Cancellation))
                .Select(job => job.Name).ToArray());
        CollectionAssert.AreEqual(
            names[..1],
            (await index.ListOlderAsync(WorkKind.Extraction, made.CreateTime.AddSeconds(2), 1, Cancellation))
                .Select(job => job.Name).ToArray());
    }

    [TestMethod]
    public async Task A_profiling_job_ends_its_data_set_once()
    {
        var datasets = _catalog.Get<DatasetStore>();
        var dataset = _catalog.NewDataset("d", DatasetState.Profiling, Job);
        await datasets.CreateAsync(dataset, Cancellation);
        _catalog.Objects.Texts["schema"] = """{"columns":{"age":"integer"}}""";
        var ended = Snapshot(WorkKind.Profiling, dataset.Name) with
        {
            State = WorkState.Succeeded, Version = 5, EndTime = DateTimeOffset.UnixEpoch,
            Result = new WorkResult(
                new Dictionary<string, ObjectRef> { ["schema"] = Ref("schema"), ["profile"] = Ref("profile") },
                new Dictionary<string, double> { ["rows"] = 24_421, ["columns"] = 15 }),
        };
        await Projector.ProjectAsync(ended, Cancellation);
        await Projector.ProjectAsync(ended, Cancellation);

        var ready = (await datasets.FindAsync(dataset.Name, Cancellation))!;
        Assert.AreEqual(DatasetState.Ready, ready.State);
        Assert.AreEqual("""{"columns":{"age":"integer"}}""", ready.SchemaJson);
        Assert.AreEqual(Ref("profile"), ready.Profile);
        Assert.AreEqual(24_421, ready.RowCount);
        Assert.AreEqual(15, ready.ColumnCount);
        Assert.AreEqual(2, ready.Version, "the second call changed nothing");
    }

    [TestMethod]
    public async Task A_job_that_is_no_longer_the_newest_ends_nothing()
    {
        var datasets = _catalog.Get<DatasetStore>();
        var dataset = _catalog.NewDataset("d", DatasetState.Profiling, "projects/p/jobs/newer");
        await datasets.CreateAsync(dataset, Cancellation);
        await Projector.ProjectAsync(Snapshot(WorkKind.Profiling, dataset.Name) with { State = WorkState.Failed, Version = 2 }, Cancellation);
        Assert.AreEqual(DatasetState.Profiling, (await datasets.FindAsync(dataset.Name, Cancellation))!.State);
    }

    [TestMethod]
    [DataRow(WorkState.Succeeded, ArtifactState.Ready)]
    [DataRow(WorkState.Failed, ArtifactState.Failed)]
    [DataRow(WorkState.Cancelled, ArtifactState.Cancelled)]
    public async Task Generation_and_evaluation_jobs_end_what_they_make(WorkState state, ArtifactState expected)
    {
        var synthetic = NewSynthetic("s");
        await _catalog.Get<SyntheticDatasetStore>().CreateAsync(synthetic, Cancellation);
        var evaluation = new EvaluationRecord
        {
            Name = "projects/p/evaluations/e", Project = "projects/p", Dataset = "projects/p/datasets/d", SyntheticDataset = synthetic.Name,
            State = ArtifactState.Pending, Job = Job, Creator = "users/u", CreateTime = synthetic.CreateTime, UpdateTime = synthetic.UpdateTime,
        };
        await _catalog.Get<EvaluationStore>().CreateAsync(evaluation, Cancellation);
        var error = state == WorkState.Failed ? new WorkError(WorkErrorClass.User, "R", "m") : null;
        var result = new WorkResult(
            new Dictionary<string, ObjectRef> { ["report"] = Ref("r") }, new Dictionary<string, double> { ["c2st"] = .52 });
        var job = Snapshot(WorkKind.Generation, synthetic.Name) with
        {
            State = state, Version = 9, Error = error, Result = result, ModelSha256 = "5ha", Parts = [new PartRef(0, 10, Ref("a")), new PartRef(1, 5, Ref("b"))],
        };
        await Projector.ProjectAsync(job, Cancellation);
        await Projector.ProjectAsync(job with { Kind = WorkKind.Evaluation, Subject = evaluation.Name, Version = 10 }, Cancellation);

        var drawn = (await _catalog.Get<SyntheticDatasetStore>().FindAsync(synthetic.Name, Cancellation))!;
        Assert.AreEqual(expected, drawn.State);
        Assert.AreEqual(error, drawn.Error);
        Assert.AreEqual("5ha", drawn.ModelSha256, "of the model that the job was given");
        CollectionAssert.AreEqual(job.Parts.ToArray(), drawn.Parts.ToArray());
        Assert.AreEqual("30", drawn.Given["age"]);
        Assert.IsNull(drawn.Given["sex"], "a missing value is a value to ask for");
        var scored = (await _catalog.Get<EvaluationStore>().FindAsync(evaluation.Name, Cancellation))!;
        Assert.AreEqual(expected, scored.State);
        Assert.AreEqual(Ref("r"), scored.Report);
        Assert.AreEqual(.52, scored.Metrics["c2st"]);
    }

    [TestMethod]
    [DataRow(WorkState.Succeeded, 120L)]
    [DataRow(WorkState.Failed, 115L)]
    [DataRow(WorkState.Cancelled, 115L)]
    public async Task Rows_that_a_drawing_did_not_make_are_not_counted(WorkState end, long counted)
    {
        var (usage, synthetic) = (_catalog.Get<UsageStore>(), NewSynthetic("s") with { Rows = 20 });
        var day = DateOnly.FromDateTime(synthetic.CreateTime.UtcDateTime);
        var store = _catalog.Get<SyntheticDatasetStore>();
        Assert.IsTrue(await store.TryCreateAsync(synthetic, 1000, Cancellation));
        Assert.IsTrue(await store.TryCreateAsync(NewSynthetic("another") with { Rows = 100 }, 1000, Cancellation));
        Assert.IsTrue(await store.TryCreateAsync(synthetic with { Name = "projects/other/syntheticDatasets/s", Project = "projects/other" }, 1000, Cancellation));
        await Assert.ThrowsAsync<AlreadyExistsException>(() => store.TryCreateAsync(synthetic, 1000, Cancellation));
        Assert.IsFalse(await store.TryCreateAsync(NewSynthetic("too many") with { Rows = 881 }, 1000, Cancellation));
        Assert.IsNull(await store.FindAsync(NewSynthetic("too many").Name, Cancellation), "What was not counted is not there.");
        Assert.AreEqual(120, await usage.DrawnAsync("projects/p", day, Cancellation), "What is not there was not counted.");

        PartRef[] parts = end == WorkState.Succeeded ? [new(0, 20, Ref("a"))] : [new(0, 10, Ref("a")), new(1, 5, Ref("b"))];
        var job = Snapshot(WorkKind.Generation, synthetic.Name) with { State = end, Version = 9, Parts = parts };
        await Projector.ProjectAsync(job, Cancellation);
        await Projector.ProjectAsync(job with { Version = 10 }, Cancellation); // Told again.

        Assert.AreEqual(counted, await usage.DrawnAsync("projects/p", day, Cancellation));
        Assert.AreEqual(20, await usage.DrawnAsync("projects/other", day, Cancellation));
    }

    [TestMethod]
    public async Task Generators_are_listed_and_unfinished_jobs_are_found()
    {
        var generator = new GeneratorSnapshot
        {
            Name = "projects/p/generators/g",
            Definition = new GeneratorDefinition
            {
                Dataset = "projects/p/datasets/d",
                Training = new TrainingSpec
                {
                    Data = new DataInput(Ref("x"), "x.csv", "{}"), Method = "autoregressive",
                    Options = new Dictionary<string, string> { ["epochs"] = "3" }, MaxTime = TimeSpan.FromMinutes(1), Seed = 5,
                },
                Requirements = WorkRequirements.Any,
                Creator = "users/u",
            },
            State = GeneratorState.Training,
            Training = Snapshot(WorkKind.Training, "projects/p/generators/g"),
            Accountant = new AccountantSnapshot(false, [new PrivacyRelease(Job, "non_private", DateTimeOffset.UnixEpoch)]),
            CreateTime = DateTimeOffset.UnixEpoch,
            UpdateTime = DateTimeOffset.UnixEpoch,
            Version = 2,
        };
        await Projector.ProjectAsync(generator, Cancellation);
        await Projector.ProjectAsync(generator with { State = GeneratorState.Draft, Version = 1 }, Cancellation);
        await Projector.ProjectAsync(generator.Training!, Cancellation);
        await Projector.ProjectAsync(Snapshot(WorkKind.Profiling, "d") with { Name = "projects/p/jobs/done", State = WorkState.Cancelled }, Cancellation);

        var listed = (await _catalog.Get<GeneratorIndex>().ListAsync("projects/p", new PageRequest(10), cancellation: Cancellation)).Items.Single();
        Assert.AreEqual(GeneratorState.Training, listed.State);
        Assert.AreEqual("3", listed.Definition.Training.Options["epochs"]);
        Assert.AreEqual(generator.Accountant.Releases[0], listed.Accountant.Releases.Single());
        Assert.AreEqual(Job, listed.Training!.Name);
        Assert.IsTrue(await _catalog.Get<GeneratorIndex>().AnyOfDatasetAsync("projects/p/datasets/d", Cancellation));
        var unfinished = await Projector.ListUnfinishedAsync(Cancellation);
        Assert.AreEqual(new UnfinishedJob(Job, WorkKind.Training, "projects/p/generators/g"), unfinished.Single());
    }

    private static ObjectRef Ref(string key) => new(key, "ab", 3, "text/plain");

    private static JobSnapshot Snapshot(WorkKind kind, string subject) =>
        new() { Name = Job, Kind = kind, Subject = subject, State = WorkState.Queued, CreateTime = DateTimeOffset.UnixEpoch, Version = 1 };

    private SyntheticDatasetRecord NewSynthetic(string id) => new()
    {
        Name = $"projects/p/syntheticDatasets/{id}", Project = "projects/p", Generator = "projects/p/generators/g", Rows = 15, Seed = 1,
        Given = new Dictionary<string, string?> { ["age"] = "30", ["sex"] = null }, State = ArtifactState.Pending, Job = Job, Creator = "users/u",
        CreateTime = _catalog.Clock.GetUtcNow(), UpdateTime = _catalog.Clock.GetUtcNow(),
    };
}
