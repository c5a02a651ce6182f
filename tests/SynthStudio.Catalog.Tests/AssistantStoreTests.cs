using SynthStudio.Catalog.Assistant;

namespace SynthStudio.Catalog.Tests;

/// <summary>Tokens of projects and consents of owners.</summary>
public abstract class AssistantStoreTests(Provider provider)
{
    private static readonly DateOnly Month = new(2026, 11, 1), Next = new(2026, 12, 1);

    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    [TestInitialize]
    public async Task OpenAsync() => _catalog = await TestCatalog.CreateAsync(provider);

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task Of_callers_at_the_same_time_none_goes_beyond_the_month()
    {
        var usage = _catalog.Get<AssistantUsageStore>();

        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => usage.TryReserveAsync("projects/p", Month, 100, 1050, Cancellation))));

        Assert.AreEqual(10, taken.Count(t => t));
        Assert.AreEqual(1000, await usage.TokensAsync("projects/p", Month, Cancellation));
        Assert.IsFalse(await usage.TryReserveAsync("projects/q", Month, 2000, 1050, Cancellation), "More than the month has at all.");
        Assert.IsTrue(await usage.TryReserveAsync("projects/p", Next, 100, 1050, Cancellation), "Another month.");
    }

    [TestMethod]
    public async Task What_was_taken_comes_in_the_place_of_what_was_set_aside()
    {
        var usage = _catalog.Get<AssistantUsageStore>();
        foreach (var (project, task, asked, answered) in new[] { ("projects/p", "Chat", 70L, 10L), ("projects/p", "Chat", 0, 0), ("projects/p", "Draft", 500, 100), ("projects/q", "Chat", 1, 1) })
        {
            await usage.TryReserveAsync(project, Month, 100, long.MaxValue, Cancellation);
            await usage.SettleAsync(project, Month, 100, task, asked, answered, Cancellation);
        }

        Assert.AreEqual(680, await usage.TokensAsync("projects/p", Month, Cancellation), "Also more than was set aside, and nothing for a question that was not sent.");
        CollectionAssert.AreEqual(
            new[] { new AssistantUsage("projects/p", "Chat", 1, 70, 10), new AssistantUsage("projects/p", "Draft", 1, 500, 100) },
            (await usage.ListAsync("projects/p", Month, Cancellation)).ToArray());
        Assert.HasCount(3, await usage.ListAsync(null, Month, Cancellation));
        Assert.IsEmpty(await usage.ListAsync(null, Next, Cancellation));
    }

    [TestMethod]
    public async Task A_consent_is_kept_replaced_and_taken_away()
    {
        var consents = _catalog.Get<AssistantConsentStore>();
        var consent = new AssistantConsent("projects/p/datasets/d", "projects/p", "users/a", ["a.example", "b.example:8000"], _catalog.Clock.GetUtcNow());
        Assert.IsNull(await consents.FindAsync(consent.Dataset, Cancellation));
        await consents.SetAsync(consent with { Grantor = "users/b", Recipients = [] }, Cancellation);
        await consents.SetAsync(consent, Cancellation);

        var found = (await consents.FindAsync(consent.Dataset, Cancellation))!;
        CollectionAssert.AreEqual(consent.Recipients.ToArray(), found.Recipients.ToArray());
        Assert.AreEqual(consent with { Recipients = found.Recipients }, found);
        await consents.DeleteAsync(consent.Dataset, Cancellation);
        Assert.IsNull(await consents.FindAsync(consent.Dataset, Cancellation));
    }
}
