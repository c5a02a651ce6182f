using SynthStudio.Catalog.Accounts;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Catalog.Tests;

/// <summary>
/// Limits by number where many come at once, on PostgreSQL: SQLite has one writer at a time. All wait behind a lock of the test until each of them has begun.
/// </summary>
[TestClass]
public sealed class LimitsAtOnceTests
{
    private const int Callers = 12, Most = 3;
    private const string Project = TestCatalog.Project, User = "users/u";

    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private DateTimeOffset Now => _catalog.Clock.GetUtcNow();

    [TestInitialize]
    public async Task OpenAsync()
    {
        _catalog = await TestCatalog.CreateAsync(Provider.Postgres);
        await _catalog.AddUserAsync("u");
        await _catalog.Get<ProjectStore>().CreateAsync(new ProjectRecord { Name = Project, Creator = User, CreateTime = Now, UpdateTime = Now }, Cancellation);
    }

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public Task Invitations() => NoMoreAsync("invitations", i => _catalog.Get<InvitationStore>().TryCreateAsync(
        new InvitationRecord
        {
            Name = $"{Project}/invitations/{i}", Project = Project, Email = $"{i}@example.org", EmailKey = $"{i}@example.org", Role = ProjectRole.Viewer, Inviter = User,
            TokenHash = [(byte)i], CreateTime = Now, SendTime = Now, ExpireTime = Now.AddDays(1),
        },
        Most, Cancellation));

    [TestMethod]
    public Task Webhooks() => NoMoreAsync("webhooks", i => _catalog.Get<WebhookStore>().TryCreateAsync(
        new WebhookRecord
        {
            Name = $"{Project}/webhooks/{i}", Project = Project, Url = "https://example.org/", Salt = WebhookSecrets.NewSalt(), Creator = User, CreateTime = Now, UpdateTime = Now,
        },
        Most, Cancellation));

    [TestMethod]
    public Task Connections() => NoMoreAsync("connections", i => _catalog.Get<ConnectionStore>().TryCreateAsync(
        new ConnectionRecord { Name = $"{Project}/connections/{i}", Project = Project, Endpoint = Bucket, SealedSecret = [1], Creator = User, CreateTime = Now }, Most, Cancellation));

    [TestMethod]
    public Task Transfers() => NoMoreAsync("transfers", i => _catalog.Get<TransferStore>().TryCreateAsync(
        new TransferRecord
        {
            Name = $"{Project}/transfers/{i}", Project = Project, Endpoint = Bucket, Creator = User, CreateTime = Now,
            Spec = new TransferSpec { Object = new ObjectImport($"{Project}/uploads/u", $"{Project}/datasets/d", "key", "") },
        },
        Most, Cancellation));

    [TestMethod]
    public Task Evidence_packs() => NoMoreAsync("evidence_packs", i => _catalog.Get<EvidencePackStore>().TryCreateAsync(
        new EvidencePackRecord
        {
            Name = $"{Project}/evidencePacks/{i}", Project = Project, Frameworks = ["gdpr"], Number = i, FactsSha256 = "", Summary = new Dictionary<string, int>(),
            Files = new Dictionary<string, ObjectRef>(), Creator = User, CreateTime = Now,
        },
        Most, Cancellation));

    [TestMethod]
    public Task Open_uploads() => NoMoreAsync("uploads", i => _catalog.Get<UploadIndex>().TryCreateAsync(
        new UploadRecord
        {
            Name = $"{Project}/uploads/{i}", Project = Project, Dataset = "", Session = $"{i}", FileName = "t.csv", State = UploadState.Open, Creator = User, CreateTime = Now,
            ExpireTime = Now.AddDays(1),
        },
        Most, Cancellation));

    [TestMethod]
    public async Task Pieces_of_an_upload()
    {
        var upload = new UploadRecord
        {
            Name = $"{Project}/uploads/u", Project = Project, Dataset = "", Session = "s", FileName = "t.csv", State = UploadState.Open, Creator = User, CreateTime = Now,
            ExpireTime = Now.AddDays(1),
        };
        await _catalog.Get<UploadIndex>().CreateAsync(upload, Cancellation);
        await NoMoreAsync("upload_pieces", async i => await _catalog.Get<UploadPieces>().NoteAsync(upload, i * 10, 10, Most, Cancellation) == PieceOutcome.Noted);
    }

    [TestMethod]
    public Task Projects_of_a_user() => NoMoreAsync("project_members", i => _catalog.Get<ProjectStore>().TryCreateAsync(
        new ProjectRecord { Name = $"projects/more{i}", Creator = User, CreateTime = Now, UpdateTime = Now }, Most + 1, Cancellation));

    [TestMethod]
    public async Task Api_keys_of_a_user()
    {
        var (other, keys) = ((await _catalog.AddUserAsync("a")).Name, _catalog.Get<ApiKeyStore>());
        await NoMoreAsync("api_keys", async i => await keys.TryCreateAsync(
            new ApiKeyRecord { Id = $"{i}", SecretHash = [1], Owner = User, Maker = i % 2 == 0 ? User : other, CreateTime = Now },
            password: null, Most, Cancellation) == KeyOutcome.Done);
    }

    private static TransferEndpoint Bucket => new() { Bucket = new BucketAddress("https://storage.example.org", "us-east-1", "bucket", "key") };

    private async Task NoMoreAsync(string table, Func<int, Task<bool>> create)
    {
        await using var gate = await _catalog.Get<PostgresDataSource>().OpenConnectionAsync(Cancellation);
        await using var closed = await gate.BeginTransactionAsync(Cancellation);
        await gate.Command($"LOCK TABLE {table} IN SHARE MODE").ExecuteAsync(Cancellation); // Nobody writes to it, and all may read it.
        var calls = Enumerable.Range(0, Callers).Select(i => Task.Run(() => create(i), Cancellation)).ToList();
        await PostgresWaits.UntilAsync(_catalog.Database, Callers, Cancellation);
        await closed.CommitAsync(Cancellation);

        Assert.AreEqual(Most, (await Task.WhenAll(calls)).Count(isMade => isMade));
    }
}
