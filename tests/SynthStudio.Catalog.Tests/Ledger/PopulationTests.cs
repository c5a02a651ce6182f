using static SynthStudio.Catalog.Tests.Ledger.LedgerFixture;

namespace SynthStudio.Catalog.Tests.Ledger;

/// <summary>The same people have one budget, whatever their table is called.</summary>
public abstract class PopulationTests(Provider provider)
{
    private const string Other = "projects/p/datasets/other";

    private static readonly IEnumerable<ulong> People = Enumerable.Range(1, 1000).Select(i => (ulong)i * 7919);

    [TestMethod]
    public async Task The_same_rows_again_more_of_them_or_a_part_of_them_share_the_budget()
    {
        await SharesAsync(People);
        await SharesAsync(People.Concat(Enumerable.Range(1, 9000).Select(i => ((ulong)i << 32) + 5)));
        await SharesAsync(People.Take(40));
        await SharesAsync(People.Take(500).Concat(Enumerable.Range(1, 500).Select(i => ((ulong)i << 40) + 3)));
    }

    [TestMethod]
    public async Task Other_people_have_a_budget_of_their_own()
    {
        await using var fixture = await BudgetedAsync();
        await fixture.Ledger.RegisterAsync(Other, Fingerprints(true, Enumerable.Range(1, 1000).Select(i => ((ulong)i << 32) + 1)));

        Assert.IsNull((await fixture.StandingAsync(Other)).Budget);
    }

    [TestMethod]
    public async Task A_large_table_is_recognised_by_its_smallest_fingerprints()
    {
        var random = new Random(5);
        var all = Enumerable.Range(0, 200_000).Select(_ => (ulong)random.NextInt64()).ToArray();
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.RegisterAsync(Dataset, Fingerprints(false, all.Order().Take(4096)));
        var part = all.Take(20_000).ToArray();
        await fixture.Ledger.RegisterAsync(Other, Fingerprints(false, part.Order().Take(4096)));

        Assert.AreEqual((await fixture.StandingAsync()).Name, (await fixture.StandingAsync(Other)).Name);
    }

    [TestMethod]
    public async Task Another_project_is_another_world()
    {
        await using var fixture = await BudgetedAsync();
        const string Elsewhere = "projects/q/datasets/d";
        await fixture.Ledger.RegisterAsync(Elsewhere, Fingerprints(true, People));

        Assert.IsNull((await fixture.StandingAsync(Elsewhere)).Budget);
        CollectionAssert.AreNotEqual(fixture.Ledger.FingerprintKey("projects/p"), fixture.Ledger.FingerprintKey("projects/q"));
    }

    [TestMethod]
    public async Task A_table_of_two_populations_is_charged_in_both_or_in_neither()
    {
        await using var fixture = await BudgetedAsync();
        const string Second = "projects/p/datasets/second", Both = "projects/p/datasets/both";
        var others = Enumerable.Range(1, 1000).Select(i => ((ulong)i << 32) + 1).ToArray();
        await fixture.Ledger.RegisterAsync(Second, Fingerprints(true, others));
        await fixture.Ledger.SetBudgetAsync(Second, 0.5, 1e-5, "o", "2");
        await fixture.Ledger.RegisterAsync(Both, Fingerprints(true, People.Concat(others)));

        await Assert.ThrowsExactlyAsync<BudgetExhaustedException>(() => fixture.ReserveAsync("j1", 0.8, dataset: Both));
        Assert.AreEqual(0, (await fixture.StandingAsync()).SpentEpsilon);
        await fixture.ReserveAsync("j2", 0.4, dataset: Both);

        Assert.AreEqual(0.4, (await fixture.StandingAsync()).SpentEpsilon, 1e-12);
        Assert.AreEqual(0.4, (await fixture.StandingAsync(Second)).SpentEpsilon, 1e-12);
    }

    [TestMethod]
    public async Task A_deleted_table_that_comes_again_meets_its_old_budget()
    {
        await using var fixture = await BudgetedAsync();
        await fixture.ReserveAsync("j", 1);
        fixture.Execute("DELETE FROM datasets");
        await fixture.Ledger.RegisterAsync(Other, Fingerprints(true, People));

        await Assert.ThrowsExactlyAsync<BudgetExhaustedException>(() => fixture.ReserveAsync("k", 0.1, dataset: Other));
    }

    private async Task SharesAsync(IEnumerable<ulong> rows)
    {
        await using var fixture = await BudgetedAsync();
        await fixture.Ledger.RegisterAsync(Other, Fingerprints(true, rows));
        await fixture.ReserveAsync("j", 0.7, dataset: Other);

        await Assert.ThrowsExactlyAsync<BudgetExhaustedException>(() => fixture.ReserveAsync("k", 0.7));
    }

    private async Task<LedgerFixture> BudgetedAsync()
    {
        var fixture = await CreateAsync(provider);
        await fixture.Ledger.RegisterAsync(Dataset, Fingerprints(true, People));
        await fixture.Ledger.SetBudgetAsync(Dataset, 1, 1e-5, "o", "1");
        return fixture;
    }
}
