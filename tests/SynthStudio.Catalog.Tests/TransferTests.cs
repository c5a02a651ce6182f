using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage;

namespace SynthStudio.Catalog.Tests;

/// <summary>A transfer is carried out by one at a time, is taken over from who fell silent, and ends once; secrets go with it.</summary>
public abstract class TransferTests(Provider provider)
{
    private const string Project = "projects/p";
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TransferEndpoint Endpoint = new() { Postgres = new PostgresAddress("db.example.org", 5432, "shop", "reader", TransportSecurity.Verified) };

    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private TransferStore Store => _catalog.Get<TransferStore>();

    [TestInitialize]
    public async Task OpenAsync() => _catalog = await TestCatalog.CreateAsync(provider);

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task Each_is_taken_by_one_and_what_is_written_is_read()
    {
        for (var i = 0; i < 8; i++) await AddAsync($"t{i}");
        var over = New("over") with { SealedSecret = null, State = TransferState.Cancelled, EndTime = DateTimeOffset.UnixEpoch };
        Assert.IsTrue(await Store.TryCreateAsync(over, 9, Cancellation));
        Assert.AreEqual(
            (over.State, over.EndTime, null),
            ((await Store.FindAsync(over.Name, Cancellation))!.State,
             (await Store.FindAsync(over.Name, Cancellation))!.EndTime,
             (await Store.FindAsync(over.Name, Cancellation))!.SealedSecret));
        var taken = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Store.TakeAsync(Lease, 99, Cancellation)));
        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, 8).Select(i => $"{Project}/transfers/t{i}").ToArray(),
            taken.OfType<TransferRecord>().Select(t => t.Name).ToArray());
        var one = taken.OfType<TransferRecord>().First();
        Assert.AreEqual((TransferState.Running, 1, Endpoint, "SELECT 1"), (one.State, one.Attempt, one.Endpoint, one.Spec.Query!.Query));
        CollectionAssert.AreEqual(new byte[] { 1, 2 }, one.SealedSecret);
        Assert.IsNotNull(one.StartTime);
        Assert.HasCount(9, (await Store.ListAsync(Project, new PageRequest(50), Cancellation)).Items);
    }

    [TestMethod]
    public async Task Who_fell_silent_is_replaced_and_not_listened_to_any_more()
    {
        var name = await AddAsync("t");
        var silent = (await Store.TakeAsync(TimeSpan.Zero, 99, Cancellation))!;
        var heir = (await Store.TakeAsync(Lease, 99, Cancellation))!;
        Assert.AreEqual((name, 2, silent.StartTime), (heir.Name, heir.Attempt, heir.StartTime));
        Assert.IsNull(await Store.TakeAsync(Lease, 99, Cancellation));

        Assert.IsNull(await Store.KeepAsync(silent, Lease, 9, 9, Cancellation));
        Assert.IsFalse(await Store.EndAsync(silent, TransferState.Succeeded, 9, 9, null, Cancellation));
        Assert.IsFalse(await Store.KeepAsync(heir, Lease, 3, 4, Cancellation));
        Assert.AreEqual((3L, 4L), ((await Store.FindAsync(name, Cancellation))!.Rows, (await Store.FindAsync(name, Cancellation))!.Bytes));
        await Store.CancelAsync(name, Cancellation);
        Assert.IsTrue(await Store.KeepAsync(heir, Lease, 3, 4, Cancellation));
        Assert.IsTrue(await Store.EndAsync(heir, TransferState.Failed, 5, 6, new WorkError(WorkErrorClass.User, "WHY", "Because."), Cancellation));

        var ended = (await Store.FindAsync(name, Cancellation))!;
        Assert.AreEqual((TransferState.Failed, 5L, 6L, "WHY"), (ended.State, ended.Rows, ended.Bytes, ended.Error!.Reason));
        Assert.IsNull(ended.SealedSecret, "What let in is forgotten.");
        Assert.IsNotNull(ended.EndTime);
        Assert.IsFalse(await Store.EndAsync(heir, TransferState.Succeeded, 5, 6, null, Cancellation));
        Assert.IsNull(await Store.CancelAsync(name, Cancellation));
        Assert.AreEqual(0, await Store.CleanAsync(TimeSpan.FromHours(1), Cancellation));
        Assert.AreEqual(1, await Store.CleanAsync(TimeSpan.FromSeconds(-1), Cancellation));
    }

    [TestMethod]
    public async Task What_is_given_back_waits_and_says_why_and_a_cancellation_waits_for_nothing()
    {
        var name = await AddAsync("t");
        var first = (await Store.TakeAsync(Lease, 1, Cancellation))!;
        Assert.AreEqual(1, await Store.GiveBackAsync(first, pause: null, Cancellation));
        var second = (await Store.TakeAsync(Lease, 1, Cancellation))!;
        Assert.AreEqual((2, 1, 0), (second.Attempt, second.Spec.Returns, second.Spec.Interruptions));
        Assert.AreEqual(0, await Store.GiveBackAsync(first, pause: null, Cancellation), "It is somebody else's.");

        Assert.AreEqual(1, await Store.GiveBackAsync(second, TimeSpan.FromHours(1), Cancellation));
        Assert.AreEqual(TransferState.Pending, (await Store.FindAsync(name, Cancellation))!.State);
        Assert.IsNull(await Store.TakeAsync(Lease, 1, Cancellation), "Nobody has it, and it is not due.");
        await Store.CancelAsync(name, Cancellation);
        var third = (await Store.TakeAsync(Lease, 1, Cancellation))!;
        Assert.AreEqual((3, 1, 1, true), (third.Attempt, third.Spec.Returns, third.Spec.Interruptions, third.CancelRequested));
        Assert.AreEqual(first.Spec.Query, third.Spec.Query);
    }

    [TestMethod]
    public async Task Projects_take_turns_and_none_takes_more_places_than_it_may()
    {
        await _catalog.Get<UserStore>().CreateAsync(new UserRecord { Name = "users/u", Role = UserRole.User, CreateTime = DateTimeOffset.UnixEpoch }, Cancellation);
        foreach (var id in new[] { "a", "b" })
        {
            await _catalog.Get<ProjectStore>().CreateAsync(new ProjectRecord
            {
                Name = $"projects/{id}", Creator = "users/u", CreateTime = DateTimeOffset.UnixEpoch, UpdateTime = DateTimeOffset.UnixEpoch,
            });
            for (var i = 0; i < 4; i++) Assert.IsTrue(await Store.TryCreateAsync(New($"t{i}", $"projects/{id}"), 99, Cancellation));
        }

        var taken = (await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Store.TakeAsync(Lease, 1, Cancellation)))).OfType<TransferRecord>().ToArray();
        CollectionAssert.AreEquivalent(new[] { "projects/a", "projects/b" }, taken.Select(t => t.Project).ToArray());

        await Store.EndAsync(taken.Single(t => t.Project == "projects/b"), TransferState.Succeeded, 0, 0, null, Cancellation);
        Assert.AreEqual("projects/b", (await Store.TakeAsync(Lease, 2, Cancellation))!.Project, "It has fewer.");
        await Store.CancelAsync("projects/a/transfers/t3", Cancellation);
        Assert.AreEqual("projects/a/transfers/t3", (await Store.TakeAsync(Lease, 1, Cancellation))!.Name, "To end takes no place.");
        Assert.IsNull(await Store.TakeAsync(Lease, 1, Cancellation));
    }

    [TestMethod]
    public async Task A_project_has_only_so_many_and_lets_go_of_those_that_nobody_carries_out()
    {
        await AddAsync("t1");
        await AddAsync("t2");
        Assert.IsFalse(await Store.TryCreateAsync(New("t3"), 2, Cancellation));
        await Assert.ThrowsAsync<AlreadyExistsException>(() => Store.TryCreateAsync(New("t1"), 9, Cancellation));
        var taken = (await Store.TakeAsync(Lease, 99, Cancellation))!;

        Assert.AreEqual(1, await Store.CancelAllAsync(Project, Cancellation));

        Assert.IsTrue(await Store.KeepAsync(taken, Lease, 0, 0, Cancellation));
        var other = (await Store.ListAsync(Project, new PageRequest(50), Cancellation)).Items.Single(t => t.Name != taken.Name);
        Assert.AreEqual((TransferState.Cancelled, null), (other.State, other.SealedSecret));
        await Store.EndAsync(taken, TransferState.Cancelled, 0, 0, null, Cancellation);
        Assert.AreEqual(0, await Store.CancelAllAsync(Project, Cancellation));
    }

    [TestMethod]
    public async Task Secrets_are_bound_to_what_they_belong_to_and_go_with_it()
    {
        var store = _catalog.Get<ConnectionStore>();
        var name = $"{Project}/connections/c";
        var connection = new ConnectionRecord
        {
            Name = name, Project = Project, Endpoint = Endpoint, SealedSecret = store.Seal("hunter2", name), Creator = "users/u", CreateTime = DateTimeOffset.UnixEpoch,
        };
        Assert.IsTrue(await store.TryCreateAsync(connection, 1, Cancellation));
        Assert.IsFalse(await store.TryCreateAsync(connection with { Name = $"{Project}/connections/d" }, 1, Cancellation));
        Assert.Throws<SealBrokenException>(() => store.Open(connection.SealedSecret, $"{Project}/connections/other"));

        var found = (await store.FindAsync(name, Cancellation))!;
        Assert.AreEqual(("hunter2", Endpoint), (store.Open(found.SealedSecret, name), found.Endpoint));
        Assert.IsTrue(await store.DeleteAsync(name, Cancellation));
        Assert.IsNull(await store.FindAsync(name, Cancellation));
    }

    private async Task<string> AddAsync(string id)
    {
        Assert.IsTrue(await Store.TryCreateAsync(New(id), 99, Cancellation));
        return $"{Project}/transfers/{id}";
    }

    private static TransferRecord New(string id, string project = Project) => new()
    {
        Name = $"{project}/transfers/{id}", Project = project, Endpoint = Endpoint, SealedSecret = [1, 2], Creator = "users/u", CreateTime = DateTimeOffset.UnixEpoch,
        Spec = new TransferSpec { Query = new QueryImport($"{Project}/uploads/u", $"{Project}/datasets/u", "SELECT 1", 10, 60) },
    };
}
