using System.Security.Cryptography;
using SynthStudio.Storage;

namespace SynthStudio.Catalog.Tests;

/// <summary>Keys of projects and of tokens: never plain in the database, and gone with their project.</summary>
public abstract class ProjectKeyTests(Provider provider)
{
    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    [TestInitialize]
    public async Task MakeAsync() => _catalog = await TestCatalog.CreateAsync(provider);

    [TestCleanup]
    public async Task RemoveAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task Projects_have_keys_of_their_own_which_all_processes_share_and_earlier_ones_stay()
    {
        var store = _catalog.Get<ProjectKeyStore>();
        var other = new ProjectKeyStore(_catalog.Database, _catalog.Get<MasterKey>(), _catalog.Clock);
        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? store : other).CurrentAsync("projects/a", Cancellation).AsTask()));
        Assert.AreEqual(1, both.Select(key => key.Id).Distinct().Count());
        Assert.AreNotEqual(both[0].Id, (await store.CurrentAsync("projects/b", Cancellation)).Id);

        await store.RotateAsync("projects/a", Cancellation);
        var fresh = await store.CurrentAsync("projects/a", Cancellation);
        Assert.AreNotEqual(both[0].Id, fresh.Id);
        CollectionAssert.AreEqual(both[0].Key, (await store.FindAsync(both[0].Id, Cancellation))!.Key);
        _catalog.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.AreEqual(fresh.Id, (await other.CurrentAsync("projects/a", Cancellation)).Id);
        Assert.IsNull(await store.FindAsync(Guid.NewGuid(), Cancellation));
    }

    [TestMethod]
    public async Task A_key_that_another_master_key_sealed_is_not_opened()
    {
        var key = await new ProjectKeyStore(_catalog.Database, new MasterKey(RandomNumberGenerator.GetBytes(32)), _catalog.Clock)
            .CurrentAsync("projects/a", Cancellation);
        await Assert.ThrowsExactlyAsync<SealBrokenException>(async () => await _catalog.Get<ProjectKeyStore>().FindAsync(key.Id, Cancellation));
    }

    [TestMethod]
    public async Task While_the_database_is_away_objects_are()
    {
        await using var away = PostgresDatabase.Open("Host=127.0.0.1;Port=1;Username=nobody;Timeout=5");
        var store = new ProjectKeyStore(away, _catalog.Get<MasterKey>(), _catalog.Clock);

        Func<Task>[] questions =
            [() => store.CurrentAsync("projects/a", Cancellation).AsTask(), () => store.FindAsync(Guid.NewGuid(), Cancellation).AsTask()];
        foreach (var ask in questions) Assert.IsFalse((await Assert.ThrowsExactlyAsync<StorageUnavailableException>(ask)).IsRefusal);
    }

    [TestMethod]
    public async Task With_a_project_its_keys_go()
    {
        var now = _catalog.Clock.GetUtcNow();
        await _catalog.Get<UserStore>().CreateAsync(new UserRecord { Name = "users/u", Role = UserRole.User, CreateTime = now }, Cancellation);
        await _catalog.Get<ProjectStore>().CreateAsync(new ProjectRecord { Name = "projects/gone", Creator = "users/u", CreateTime = now, UpdateTime = now });
        var key = await _catalog.Get<ProjectKeyStore>().CurrentAsync("projects/gone", Cancellation);
        var projects = _catalog.Get<ProjectStore>();
        await projects.UpdateAsync(
            (await projects.FindAsync("projects/gone", Cancellation))!
                with { DeleteTime = DateTimeOffset.UnixEpoch, PurgeTime = DateTimeOffset.UnixEpoch },
            Cancellation);
        Assert.IsTrue(await projects.BeginPurgeAsync("projects/gone", Cancellation));
        Assert.IsTrue(await projects.DeleteAsync("projects/gone", Cancellation));

        _catalog.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.IsNull(await _catalog.Get<ProjectKeyStore>().FindAsync(key.Id, Cancellation));
    }

    [TestMethod]
    public async Task Keys_of_tokens_are_sealed_those_of_an_older_version_too_when_they_are_next_looked_at()
    {
        var policy = SigningKeyPolicy.Default;
        var store = _catalog.Get<SigningKeyStore>();
        var made = (await store.RotateAsync(_catalog.Clock.GetUtcNow(), policy, Cancellation)).Single();
        Assert.IsLessThan(0, (await StoredAsync()).AsSpan().IndexOf(made.PrivateKey));

        await _catalog.Database.ExecuteAsync("UPDATE signing_keys SET private_key = @key", Cancellation, ("@key", made.PrivateKey)); // As an older version left it.
        CollectionAssert.AreEqual(made.PrivateKey, (await store.RotateAsync(_catalog.Clock.GetUtcNow(), policy, Cancellation)).Single().PrivateKey);
        Assert.IsTrue(MasterKey.IsSealed(await StoredAsync()));

        var other = new SigningKeyStore(_catalog.Database, new MasterKey(RandomNumberGenerator.GetBytes(32)));
        await Assert.ThrowsExactlyAsync<SealBrokenException>(() => other.RotateAsync(_catalog.Clock.GetUtcNow(), policy, Cancellation));
    }

    private async Task<byte[]> StoredAsync() =>
        (await _catalog.Database.ReadAsync("SELECT private_key FROM signing_keys", row => row.GetFieldValue<byte[]>(0), Cancellation)).Single();
}
