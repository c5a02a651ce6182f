using SynthStudio.Catalog.Accounts;
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
        await OwnedAsync("a");
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

    [TestMethod]
    public async Task A_consent_stands_while_who_gave_it_may_give_it_and_does_not_come_back_with_them()
    {
        var (consents, projects) = (_catalog.Get<AssistantConsentStore>(), _catalog.Get<ProjectStore>());
        await OwnedAsync("a");
        var other = (await _catalog.AddUserAsync("b")).Name;
        await projects.SetRoleAsync(TestCatalog.Project, other, ProjectRole.Owner, cancellation: Cancellation);
        var now = _catalog.Clock.GetUtcNow();
        var root = new UserRecord { Name = "users/root", Role = UserRole.Admin, CreateTime = now };
        await _catalog.Get<UserStore>().CreateAsync(root, Cancellation);
        var (first, second, third) = (Of("users/a", "d1"), Of(other, "d2"), Of(root.Name, "d3"));
        foreach (var consent in (AssistantConsent[])[first, second, third]) await consents.SetAsync(consent, Cancellation);
        Assert.IsEmpty(await consents.ListFallenAsync(Cancellation));
        Assert.IsFalse(await consents.EndAsync(second, Cancellation), "It stands.");
        Assert.IsNotNull(await consents.FindAsync(second.Dataset, Cancellation));

        await projects.SetRoleAsync(TestCatalog.Project, other, ProjectRole.Editor, cancellation: Cancellation);
        Assert.IsNull(await consents.FindAsync(second.Dataset, Cancellation), "It is there, and stands for nothing.");
        Assert.IsEmpty(await consents.EndAsync("users/a", Cancellation));
        Assert.AreEqual(second.Name, (await consents.EndAsync(other, Cancellation)).Single().Name);
        await projects.SetRoleAsync(TestCatalog.Project, other, ProjectRole.Owner, cancellation: Cancellation);
        Assert.IsNull(await consents.FindAsync(second.Dataset, Cancellation));

        await consents.SetAsync(second, Cancellation);
        Assert.IsNotNull(await consents.FindAsync(second.Dataset, Cancellation), "An owner consents anew.");
        await _catalog.Get<PersonStore>().LockOutAsync(other, orphans: true, keepMade: true, now, Cancellation);
        Assert.IsNull(await consents.FindAsync(second.Dataset, Cancellation));
        var fallen = (await consents.ListFallenAsync(Cancellation)).Single();
        Assert.AreEqual((other, second.Project), (fallen.Grantor, fallen.Project));
        Assert.IsFalse(await consents.EndAsync(fallen with { Grantor = "users/a" }, Cancellation), "It is of another one.");
        Assert.IsTrue(await consents.EndAsync(fallen, Cancellation));
        Assert.IsEmpty(await consents.ListFallenAsync(Cancellation));
        foreach (var stays in (AssistantConsent[])[first, third])
            Assert.IsNotNull(await consents.FindAsync(stays.Dataset, Cancellation), stays.Grantor);

        AssistantConsent Of(string grantor, string id) =>
            new($"{TestCatalog.Project}/datasets/{id}", TestCatalog.Project, grantor, ["a.example"], now);
    }

    /// <summary>A project of a new user.</summary>
    private async Task OwnedAsync(string id)
    {
        var now = _catalog.Clock.GetUtcNow();
        var owner = (await _catalog.AddUserAsync(id)).Name;
        var project = new ProjectRecord { Name = TestCatalog.Project, Creator = owner, CreateTime = now, UpdateTime = now };
        await _catalog.Get<ProjectStore>().CreateAsync(project, Cancellation);
    }
}
