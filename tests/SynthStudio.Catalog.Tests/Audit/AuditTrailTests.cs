using Microsoft.Extensions.Time.Testing;
using SynthStudio.Catalog.Audit;
using SynthStudio.Catalog.Tests.Ledger;

namespace SynthStudio.Catalog.Tests.Audit;

/// <summary>What is written stays, in its place, and can be found.</summary>
[TestClass]
public sealed class AuditTrailTests
{
    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task Writers_side_by_side_make_one_chain(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        AuditTrail[] trails = [fixture.Trail, fixture.Open()];

        await Task.WhenAll(Enumerable.Range(0, 600).Select(
            i => trails[i % 2].AppendAsync(i % 3 == 0 ? AuditTrail.Server : AuditFixture.Chain, AuditFixture.Event(i))));

        var found = await fixture.Trail.VerifyAsync(AuditFixture.Chain);
        Assert.AreEqual("", string.Join("; ", found.Faults.Select(f => f.Description)));
        Assert.AreEqual((400, 400), (found.Lines, found.Head!.Sequence));
        Assert.AreEqual(200, (await fixture.Trail.VerifyAsync(AuditTrail.Server)).Lines);
        var written = (await fixture.Trail.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 1000)).Select(e => e.Event.Resource).ToHashSet();
        Assert.HasCount(400, written);
    }

    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task An_end_that_somebody_else_moved_is_looked_up_again_and_other_chains_do_not_wait_for_it(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        await using var other = fixture.Open();
        string[] chains = [AuditFixture.Chain, AuditTrail.Server];
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(chains.Select(chain => fixture.Trail.AppendAsync(chain, AuditFixture.Event(round))));
            await other.AppendAsync(AuditFixture.Chain, AuditFixture.Event(10 + round)); // The next round knows one end and not the other.
        }

        foreach (var (chain, lines) in chains.Zip([6L, 3L]))
        {
            var found = await other.VerifyAsync(chain);
            Assert.AreEqual((true, lines), (found.IsSound, found.Lines), string.Join("; ", found.Faults));
        }

        var times = (await other.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 10)).Select(e => e.Time).ToList();
        CollectionAssert.AreEqual(times.OrderDescending().ToList(), times);
    }

    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task Entries_are_found_by_who_what_where_and_when(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        await fixture.WriteAsync(3);
        await fixture.Trail.AppendAsync(AuditFixture.Chain, AuditFixture.Event(1, "users/other") with { Method = "DatasetService/DeleteDataset", Outcome = "NOT_FOUND", Reason = "a \"word\"\n" });

        Assert.AreEqual("4 3 2 1", await ListAsync(new AuditFilter()));
        Assert.AreEqual("3 2 1", await ListAsync(new AuditFilter { Actor = "users/u" }));
        Assert.AreEqual("4", await ListAsync(new AuditFilter { Method = "DatasetService/DeleteDataset", Outcome = "NOT_FOUND" }));
        Assert.AreEqual("4 1", await ListAsync(new AuditFilter { Resource = "projects/p/datasets/d1" }));
        Assert.AreEqual("", await ListAsync(new AuditFilter { Resource = "projects/p/datasets/d1\",\"outcome\":\"OK" }), "No name is a condition.");
        Assert.AreEqual("4 3 2 1", await ListAsync(new AuditFilter { Resource = "projects/p" }));
        Assert.AreEqual("", await ListAsync(new AuditFilter { Resource = "projects/p/datasets/d" }));
        Assert.AreEqual("", await ListAsync(new AuditFilter { Until = TimeProvider.System.GetUtcNow().AddMinutes(-5) }));
        Assert.AreEqual("4 3 2 1", await ListAsync(new AuditFilter { Since = TimeProvider.System.GetUtcNow().AddMinutes(-5) }));
        var page = await fixture.Trail.ListAsync(AuditFixture.Chain, new AuditFilter(), before: 4, limit: 2);
        CollectionAssert.AreEqual(new long[] { 3, 2 }, page.Select(e => e.Sequence).ToArray());

        async Task<string> ListAsync(AuditFilter filter) =>
            string.Join(' ', (await fixture.Trail.ListAsync(AuditFixture.Chain, filter, null, 100)).Select(e => e.Sequence));
    }

    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task A_name_that_no_text_of_the_database_can_hold_spoils_no_search(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        foreach (var name in (string[])["projects/p/datasets/\0", @"projects/p/datasets/\u0000", "projects/p/datasets/d"])
            await fixture.Trail.AppendAsync(AuditFixture.Chain, AuditFixture.Event(1) with { Resource = name, RequestId = name });

        foreach (var filter in (AuditFilter[])[new() { Actor = "users/u" }, new() { Resource = "projects/p" }, new() { Since = TimeProvider.System.GetUtcNow().AddMinutes(-5) }])
            Assert.HasCount(3, await fixture.Trail.ListAsync(AuditFixture.Chain, filter, null, 10), $"{filter}");
        Assert.AreEqual(3, (await fixture.Trail.ListAsync(AuditFixture.Chain, new AuditFilter { Resource = "projects/p/datasets/d" }, null, 10)).Single().Sequence);
    }

    [TestMethod]
    public async Task A_clock_that_is_set_back_reorders_nothing_and_shows()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        var noon = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var time = new FakeTimeProvider(noon);
        await using var trail = fixture.Open(time: time);
        foreach (var clock in (DateTimeOffset[])[noon, noon.AddDays(-1), noon.AddSeconds(-5), noon.AddDays(1)])
        {
            time.AdjustTime(clock);
            await trail.AppendAsync(AuditFixture.Chain, AuditFixture.Event(1));
        }

        var entries = (await trail.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 10)).Reverse().ToList();

        CollectionAssert.AreEqual(new[] { noon, noon, noon, noon.AddDays(1) }, entries.Select(e => e.Time).ToArray());
        CollectionAssert.AreEqual(new DateTimeOffset?[] { null, noon.AddDays(-1), null, null }, entries.Select(e => e.Clock).ToArray(), "Clocks of replicas differ by seconds.");
        Assert.IsTrue((await trail.VerifyAsync(AuditFixture.Chain)).IsSound);
    }

    [TestMethod]
    public async Task A_detail_is_in_the_hashed_line_and_lines_without_one_are_as_they_were_before_there_were_details()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        await fixture.Trail.AppendAsync(AuditFixture.Chain, AuditFixture.Event(1));
        await fixture.Trail.AppendAsync(AuditFixture.Chain, AuditFixture.Event(2) with { Detail = "role=editor" });

        var lines = new List<string>();
        await foreach (var (_, line, _) in fixture.Trail.LinesAsync(AuditFixture.Chain)) lines.Add(line);
        Assert.DoesNotContain("detail", lines[0]);
        Assert.EndsWith("\"detail\":\"role=editor\"}", lines[1]);
        CollectionAssert.AreEqual(
            new[] { "role=editor", "" },
            (await fixture.Trail.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 10)).Select(e => e.Event.Detail).ToArray());
        Assert.IsTrue((await fixture.Trail.VerifyAsync(AuditFixture.Chain)).IsSound);
    }

    [TestMethod]
    public async Task What_the_privacy_ledger_is_told_is_noted_too()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        var ledger = new AuditedPrivacyLedger(fixture.OpenLedger(), fixture.Trail);
        await fixture.OpenLedger().SetBudgetAsync(LedgerFixture.Dataset, 1, 1e-5, "users/o", "1");
        await ledger.ReserveAsync(LedgerFixture.Request("projects/p/jobs/j", 0.9), default);
        await ledger.TouchAsync("projects/p/jobs/j", default);
        await Assert.ThrowsExactlyAsync<BudgetExhaustedException>(() => ledger.ReserveAsync(LedgerFixture.Request("projects/p/jobs/k", 0.9), default));
        Assert.IsFalse(await ledger.ReleaseAsync("projects/p/jobs/j", default));

        var entries = (await fixture.Trail.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 10)).Reverse().Select(e => $"{e.Event.Actor} {e.Event.Method} {e.Event.Resource} {e.Event.Outcome}");

        CollectionAssert.AreEqual(
            new[]
            {
                "users/u PrivacyLedger/Reserve projects/p/jobs/j OK", "system PrivacyLedger/Touch projects/p/jobs/j OK",
                "users/u PrivacyLedger/Reserve projects/p/jobs/k FAILED_PRECONDITION",
            },
            entries.ToArray());
    }

    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task Reservations_that_are_given_back_for_a_training_that_never_came_to_be_are_noted(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        var ledger = new AuditedPrivacyLedger(fixture.OpenLedger(), fixture.Trail);
        await fixture.OpenLedger().SetBudgetAsync(LedgerFixture.Dataset, 1, 1e-5, "users/o", "1");
        foreach (var job in (string[])["known", "stray", "touched"]) await ledger.ReserveAsync(LedgerFixture.Request($"projects/p/jobs/{job}", 0.2), default);
        await ledger.TouchAsync("projects/p/jobs/touched", default);

        var generator = LedgerFixture.Request("projects/p/jobs/any", 0.2).Generator;
        var before = await ledger.ListWithStraysAsync(default);
        var released = await ledger.ReleaseStraysAsync(generator, ["projects/p/jobs/known"], default);

        Assert.AreEqual(generator, before.Single());
        Assert.AreEqual("projects/p/jobs/stray", released.Single());
        var noted = await fixture.Trail.ListAsync(AuditFixture.Chain, new AuditFilter { Method = "PrivacyLedger/Release" }, null, 10);
        Assert.AreEqual(("system", "projects/p/jobs/stray", "OK"), (noted.Single().Event.Actor, noted.Single().Event.Resource, noted.Single().Event.Outcome));
    }

    [TestMethod]
    public async Task The_end_is_kept_outside_the_database_when_the_process_leaves()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        var other = fixture.Open();
        await other.AppendAsync(AuditFixture.Chain, AuditFixture.Event(1));

        await other.DisposeAsync();

        Assert.AreEqual(1, (await fixture.Trail.VerifyAsync(AuditFixture.Chain)).Anchored);
    }

    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task Ends_that_a_process_died_before_it_signed_are_signed_at_the_next_start_and_within_the_hour_though_the_clock_is_set_back(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        await DieAsync(AuditFixture.Chain, AuditTrail.Server);
        var time = new ClockSetBack();
        var next = fixture.Open(time: time);

        await AnchoredAsync(AuditFixture.Chain, 1, AuditTrail.AnchorInterval);
        await AnchoredAsync(AuditTrail.Server, 1, TimeSpan.Zero);
        await DieAsync(AuditFixture.Chain);
        time.Back = TimeSpan.FromDays(1);
        await AnchoredAsync(AuditFixture.Chain, 2, AuditTrail.CatchUpInterval);

        async Task DieAsync(params string[] chains)
        {
            var dying = fixture.Open(new UnreachableAnchor());
            foreach (var chain in chains) await dying.AppendAsync(chain, AuditFixture.Event(1));
            await dying.DisposeAsync(); // It cannot keep what it wrote: as if it had been killed before.
        }

        async Task AnchoredAsync(string chain, long sequence, TimeSpan later)
        {
            time.Advance(later);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while ((await next.VerifyAsync(chain, patience.Token)).Anchored < sequence)
            {
                await Task.Delay(20, patience.Token);
                time.Advance(AuditTrail.AnchorInterval); // The loop may have begun after the first.
            }
        }
    }

    /// <summary>A clock that is set back while time goes on.</summary>
    private sealed class ClockSetBack() : FakeTimeProvider(TimeProvider.System.GetUtcNow())
    {
        public TimeSpan Back { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - Back;
    }

    /// <summary>An anchor that nobody reaches.</summary>
    private sealed class UnreachableAnchor : ILedgerAnchor
    {
        public Task<LedgerHead?> FindAsync(string population, CancellationToken cancellation) => throw new IOException("It is away.");

        public Task AdvanceAsync(IReadOnlyList<(string Population, LedgerHead Head)> heads, CancellationToken cancellation) => throw new IOException("It is away.");
    }

    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task Processes_side_by_side_keep_the_newest_end_whichever_is_first(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        await fixture.WriteAsync(3);
        await using var other = fixture.Open();
        await other.AppendAsync(AuditFixture.Chain, AuditFixture.Event(4));
        await other.AnchorAsync();
        await fixture.AnchorAsync(); // Knows of the first three only.
        Assert.AreEqual(4, (await fixture.Trail.VerifyAsync(AuditFixture.Chain)).Anchored);

        await fixture.WriteAsync(1);
        await fixture.AnchorAsync();

        var found = await fixture.Trail.VerifyAsync(AuditFixture.Chain);
        Assert.AreEqual((true, 5, 0), (found.IsSound, found.Anchored, fixture.Errors.Count));
    }
}
