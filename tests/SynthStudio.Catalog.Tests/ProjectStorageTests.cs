namespace SynthStudio.Catalog.Tests;

/// <summary>What a project keeps and what uploads claim of its quota. That nothing it keeps is forgotten, <see cref="ObjectSweepTests"/> say.</summary>
public abstract class ProjectStorageTests(Provider provider)
{
    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private DateTimeOffset Now => _catalog.Clock.GetUtcNow();

    private ProjectStorage Storage => _catalog.Get<ProjectStorage>();

    private UploadIndex Uploads => _catalog.Get<UploadIndex>();

    [TestInitialize]
    public async Task OpenAsync()
    {
        _catalog = await TestCatalog.CreateAsync(provider);
        await _catalog.AddUserAsync("u");
        foreach (var name in (string[])[TestCatalog.Project, "projects/other"])
            await _catalog.Get<ProjectStore>().CreateAsync(new ProjectRecord { Name = name, Creator = "users/u", CreateTime = Now, UpdateTime = Now }, Cancellation);
    }

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task Of_uploads_at_the_same_time_no_more_get_room_than_there_is()
    {
        await _catalog.Get<DatasetStore>().CreateAsync(_catalog.NewDataset("d") with { Object = Object('a', 40) }, Cancellation);
        var uploads = new List<UploadRecord>();
        for (var i = 0; i < 20; i++) uploads.Add(await UploadAsync($"u{i}"));
        await using var database = _catalog.OpenAnother();
        ProjectStorage[] processes = [Storage, new ProjectStorage(database)];

        var claims = await Task.WhenAll(uploads.Select(
            (upload, i) => Task.Run(() => processes[i % 2].TryClaimAsync(upload, 20, ahead: 0, limit: 100, Cancellation))));

        Assert.AreEqual(3, claims.Count(claim => claim.Claimed == 20), "40 are taken, 60 are left for three of 20.");
        Assert.AreEqual(new StoredBytes(40, 0, 60), await Storage.ReadAsync(TestCatalog.Project, Cancellation));
        Assert.AreEqual(default, await Storage.ReadAsync("projects/other", Cancellation));
    }

    [TestMethod]
    public async Task A_claim_ends_with_its_upload_and_an_upload_may_claim_again()
    {
        var (first, second) = (await UploadAsync("first"), await UploadAsync("second"));
        Assert.AreEqual((80, new StoredBytes()), await Storage.TryClaimAsync(first, 80, ahead: 0, limit: 100, Cancellation));
        Assert.AreEqual((90, new StoredBytes()), await Storage.TryClaimAsync(first, 90, ahead: 0, limit: 100, Cancellation), "Its own claim is not in its way.");
        Assert.AreEqual((null, new StoredBytes(0, 0, 90)), await Storage.TryClaimAsync(second, 11, ahead: 0, limit: 100, Cancellation));
        Assert.AreEqual(1_000, (await Storage.TryClaimAsync(second, 1_000, ahead: 0, limit: 0, Cancellation)).Claimed, "Any number.");
        Assert.AreEqual(1_090, (await Storage.ReadAsync(TestCatalog.Project, Cancellation)).Claimed);

        await Uploads.EndAsync(first.Name, UploadState.Aborted, 0, Cancellation);
        Assert.IsTrue(await Uploads.RemoveAsync(second, Cancellation));

        Assert.AreEqual(default, await Storage.ReadAsync(TestCatalog.Project, Cancellation));
        Assert.IsFalse(await Uploads.RemoveAsync(first, Cancellation), "It has ended.");
    }

    [TestMethod]
    public async Task An_upload_claims_ahead_what_fits_and_never_less_than_before()
    {
        var (first, second) = (await UploadAsync("first"), await UploadAsync("second"));
        Assert.AreEqual(64, (await Storage.TryClaimAsync(first, 1, ahead: 64, limit: 100, Cancellation)).Claimed);
        Assert.AreEqual(36, (await Storage.TryClaimAsync(second, 1, ahead: 64, limit: 100, Cancellation)).Claimed, "What is left.");
        await Storage.TryClaimAsync(first, 10, ahead: 0, limit: 100, Cancellation); // By who read the upload before it claimed more.

        Assert.AreEqual(100, (await Storage.ReadAsync(TestCatalog.Project, Cancellation)).Claimed);
        Assert.IsNull((await Storage.TryClaimAsync(second, 37, ahead: 64, limit: 100, Cancellation)).Claimed);
    }

    [TestMethod]
    public async Task Bytes_that_became_an_object_are_not_counted_as_claimed_too()
    {
        var upload = await UploadAsync("u");
        await Storage.TryClaimAsync(upload, 30, ahead: 0, limit: 100, Cancellation);
        var content = Object('b', 30);
        await Uploads.NoteObjectAsync(upload, content.Sha256, content.Key, Cancellation);
        Assert.AreEqual(new StoredBytes(0, 0, 30), await Storage.ReadAsync(TestCatalog.Project, Cancellation));

        await _catalog.Get<DatasetStore>().CreateAsync(_catalog.NewDataset("d") with { Object = content }, Cancellation); // And whoever gave it the bytes died.

        Assert.AreEqual(new StoredBytes(30, 0, 0), await Storage.ReadAsync(TestCatalog.Project, Cancellation));
    }

    [TestMethod]
    public async Task What_several_refer_to_counts_once_and_as_deleted_only_when_all_of_them_are()
    {
        var store = _catalog.Get<DatasetStore>();
        foreach (var id in (string[])["one", "two"])
            await store.CreateAsync(_catalog.NewDataset(id) with { Object = Object('c', 50), Profile = Object(id[0], 7) }, Cancellation);
        var (one, two) = (
            (await store.FindAsync($"{TestCatalog.Project}/datasets/one", Cancellation))!,
            (await store.FindAsync($"{TestCatalog.Project}/datasets/two", Cancellation))!);

        await store.UpdateAsync(one with { DeleteTime = Now, PurgeTime = Now.AddDays(7) }, Cancellation);
        Assert.AreEqual(new StoredBytes(64, 7, 0), await Storage.ReadAsync(TestCatalog.Project, Cancellation));
        await store.UpdateAsync(two with { DeleteTime = Now, PurgeTime = Now.AddDays(7) }, Cancellation);
        Assert.AreEqual(new StoredBytes(64, 64, 0), await Storage.ReadAsync(TestCatalog.Project, Cancellation));
    }

    [TestMethod]
    public async Task What_a_job_made_is_deleted_with_what_it_made_it_for()
    {
        var (store, made) = (_catalog.Get<DatasetStore>(), Object('e', 9));
        var dataset = _catalog.NewDataset("d") with { Object = Object('d', 50), Profile = made };
        await store.CreateAsync(dataset, Cancellation);
        var job = new JobSnapshot
        {
            Name = $"{TestCatalog.Project}/jobs/j", Kind = WorkKind.Profiling, Subject = dataset.Name, State = WorkState.Succeeded, CreateTime = Now, EndTime = Now, Version = 1,
            Parts = [new PartRef(0, 1, made), new PartRef(1, 1, Object('f', 5))],
        };
        await _catalog.Get<ICatalogProjector>().ProjectAsync(job, Cancellation);
        Assert.AreEqual(new StoredBytes(64, 0, 0), await Storage.ReadAsync(TestCatalog.Project, Cancellation));

        await store.UpdateAsync((await store.FindAsync(dataset.Name, Cancellation))! with { DeleteTime = Now, PurgeTime = Now.AddDays(7) }, Cancellation);

        Assert.AreEqual(new StoredBytes(64, 59, 0), await Storage.ReadAsync(TestCatalog.Project, Cancellation), "Of what the job alone has nobody knows.");
    }

    private static ObjectRef Object(char digit, long size)
    {
        var sha256 = string.Concat(Enumerable.Repeat($"{(int)digit:x2}", 32));
        return new ObjectRef($"sha256/{sha256[..2]}/{sha256}", sha256, size, "text/csv");
    }

    private async Task<UploadRecord> UploadAsync(string id)
    {
        var upload = new UploadRecord
        {
            Name = $"{TestCatalog.Project}/uploads/{id}", Project = TestCatalog.Project, Dataset = $"{TestCatalog.Project}/datasets/{id}", Session = id, FileName = "t.csv",
            State = UploadState.Open, Creator = "users/u", CreateTime = Now, ExpireTime = Now.AddDays(7),
        };
        await Uploads.CreateAsync(upload, Cancellation);
        return upload;
    }
}
