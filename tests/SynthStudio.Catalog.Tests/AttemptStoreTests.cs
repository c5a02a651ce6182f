using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Catalog.Tests;

/// <summary>How attempts are counted, in each database and by its clock.</summary>
public abstract class AttemptStoreTests(Provider provider)
{
    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    [TestInitialize]
    public async Task CreateAsync() => _catalog = await TestCatalog.CreateAsync(provider);

    [TestCleanup]
    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task Of_attempts_at_once_so_many_pass_as_may_and_later_one_for_each_interval()
    {
        var attempts = _catalog.Get<AttemptStore>();
        var rate = new AttemptRate(5, TimeSpan.FromHours(3));
        var refusals = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CountAsync("s")));

        Assert.AreEqual(5, refusals.Count(r => r is null));
        Assert.IsTrue(refusals.OfType<AttemptRefusal>().All(r => r.Subject == "s" && IsAbout(3, r.Wait)), string.Join(' ', refusals));
        await PassAsync(hours: 2);
        Assert.IsTrue(await CountAsync("s") is { } later && IsAbout(1, later.Wait));
        await PassAsync(hours: 1);
        Assert.IsNull(await CountAsync("s"));
        Assert.IsNotNull(await CountAsync("s"));

        Assert.AreEqual("s", (await attempts.CountAsync([new("other", rate), new("s", rate)], Cancellation))?.Subject);
        await PassAsync(hours: 24);
        Assert.AreEqual(1, await attempts.ForgetAsync(Cancellation), "Nothing was counted for the other.");
        for (var i = 0; i < 5; i++) Assert.IsNull(await attempts.CountAsync([new("other", rate), new("s", rate)], Cancellation));
        await attempts.ReturnAsync([new("s", rate)], "other", Cancellation);
        Assert.IsNull(await CountAsync("s"));
        Assert.IsNotNull(await CountAsync("s"));
        Assert.AreEqual(0, await attempts.ForgetAsync(Cancellation));

        Task<AttemptRefusal?> CountAsync(string subject) => attempts.CountAsync([new(subject, rate)], Cancellation);

        // The database's clock goes on meanwhile, by less than half an hour.
        static bool IsAbout(int hours, TimeSpan wait) => wait <= TimeSpan.FromHours(hours) && wait > TimeSpan.FromHours(hours - 0.5);

        // As time does, for all that is counted.
        Task<int> PassAsync(int hours) => _catalog.Database.ExecuteAsync(
            "UPDATE attempts SET drained_time = drained_time - @time", Cancellation, ("@time", hours * 3_600_000_000L));
    }
}
