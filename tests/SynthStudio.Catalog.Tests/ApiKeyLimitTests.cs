namespace SynthStudio.Catalog.Tests;

/// <summary>How many API keys a user may have, in each database.</summary>
public abstract class ApiKeyLimitTests(Provider provider)
{
    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private DateTimeOffset Now => _catalog.Clock.GetUtcNow();

    [TestInitialize]
    public async Task OpenAsync() => _catalog = await TestCatalog.CreateAsync(provider);

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task Keys_that_are_revoked_or_expired_or_somebody_elses_take_no_room()
    {
        var (keys, other) = (_catalog.Get<ApiKeyStore>(), (await _catalog.AddUserAsync("v")).Name);
        var key = new ApiKeyRecord { Id = "one", SecretHash = [1], Owner = (await _catalog.AddUserAsync("u")).Name, CreateTime = Now };
        await keys.CreateAsync(key, Cancellation);
        await keys.CreateAsync(key with { Id = "theirs", Owner = other }, Cancellation);
        await keys.CreateAsync(key with { Id = "ended", ExpireTime = Now }, Cancellation);

        Assert.AreEqual(KeyOutcome.Done, await keys.TryCreateAsync(key with { Id = "two" }, password: null, most: 2, Cancellation));
        Assert.AreEqual(KeyOutcome.TooMany, await keys.TryCreateAsync(key with { Id = "three" }, password: null, most: 2, Cancellation));
        Assert.IsNull(await keys.FindAsync("three", Cancellation));
        await keys.RevokeAsync("one", Now, Cancellation);
        Assert.AreEqual(KeyOutcome.Done, await keys.TryCreateAsync(key with { Id = "three" }, password: null, most: 2, Cancellation));
    }
}
