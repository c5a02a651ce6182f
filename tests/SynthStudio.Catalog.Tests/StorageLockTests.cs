namespace SynthStudio.Catalog.Tests;

/// <summary>That claims of uploads do not depend on how much a project has, and see what changed while they waited for it.</summary>
[TestClass]
public sealed class StorageLockTests
{
    private const string Project = TestCatalog.Project, HoldProject = $"SELECT 1 FROM projects WHERE name = '{Project}' FOR UPDATE";

    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private DateTimeOffset Now => _catalog.Clock.GetUtcNow();

    private ProjectStorage Storage => _catalog.Get<ProjectStorage>();

    [TestInitialize]
    public async Task OpenAsync()
    {
        _catalog = await TestCatalog.CreateAsync(Provider.Postgres);
        await _catalog.AddUserAsync("u");
        await _catalog.Get<ProjectStore>().CreateAsync(new ProjectRecord { Name = Project, Creator = "users/u", CreateTime = Now, UpdateTime = Now }, Cancellation);
    }

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task A_claim_looks_at_none_of_the_jobs()
    {
        var upload = await UploadAsync("u");
        await using var gate = await _catalog.Get<PostgresDataSource>().OpenConnectionAsync(Cancellation);
        await using var closed = await gate.BeginTransactionAsync(Cancellation);
        await gate.Command("LOCK TABLE jobs, datasets, generators, evaluations IN ACCESS EXCLUSIVE MODE").ExecuteAsync(Cancellation); // Who reads one of them waits for ever.

        Assert.AreEqual(10, (await Storage.TryClaimAsync(upload, 10, ahead: 0, limit: 100, Cancellation)).Claimed);
    }

    [TestMethod]
    public async Task What_left_the_uploads_for_the_objects_meanwhile_is_not_forgotten()
    {
        var (upload, other) = (await UploadAsync("u"), await UploadAsync("other"));
        await Storage.TryClaimAsync(other, 60, ahead: 0, limit: 100, Cancellation);
        await using var gate = await _catalog.Get<PostgresDataSource>().OpenConnectionAsync(Cancellation);
        await using var closed = await gate.BeginTransactionAsync(Cancellation);
        await gate.Command(HoldProject).ReadAsync(_ => true, Cancellation);
        var claim = Task.Run(() => Storage.TryClaimAsync(upload, 60, ahead: 0, limit: 100, Cancellation), Cancellation);
        await PostgresWaits.UntilAsync(_catalog.Database, 1, Cancellation); // It waits for the project.

        var sha256 = string.Concat(Enumerable.Repeat("ab", 32));
        await _catalog.Get<DatasetStore>().CreateAsync(_catalog.NewDataset("other") with { Object = new ObjectRef($"sha256/ab/{sha256}", sha256, 60, "text/csv") }, Cancellation);
        await _catalog.Get<UploadIndex>().EndAsync(other.Name, UploadState.Finished, 60, Cancellation);
        await closed.CommitAsync(Cancellation);

        Assert.AreEqual((null, new StoredBytes(60, 0, 0)), await claim);
    }

    private async Task<UploadRecord> UploadAsync(string id)
    {
        var upload = new UploadRecord
        {
            Name = $"{Project}/uploads/{id}", Project = Project, Dataset = $"{Project}/datasets/{id}", Session = id, FileName = "t.csv", State = UploadState.Open,
            Creator = "users/u", CreateTime = Now, ExpireTime = Now.AddDays(7),
        };
        await _catalog.Get<UploadIndex>().CreateAsync(upload, Cancellation);
        return upload;
    }
}
