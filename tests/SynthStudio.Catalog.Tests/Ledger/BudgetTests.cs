using SynthStudio.Privacy;
using SynthStudio.Privacy.Ledger;
using static SynthStudio.Catalog.Tests.Ledger.LedgerFixture;

namespace SynthStudio.Catalog.Tests.Ledger;

/// <summary>What fits, what is refused, and what is spent.</summary>
public abstract class BudgetTests(Provider provider)
{
    [TestMethod]
    public async Task Nothing_is_reserved_before_an_owner_set_a_budget()
    {
        await using var fixture = await CreateAsync(provider);

        var refusal = await Assert.ThrowsExactlyAsync<BudgetExhaustedException>(() => fixture.ReserveAsync("j", 0.1));

        Assert.IsNull(refusal.Figures.BudgetEpsilon);
    }

    [TestMethod]
    public async Task The_last_billionth_fits_and_one_more_does_not()
    {
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.SetBudgetAsync(Dataset, 1, 1e-5, "o", "1");
        await fixture.ReserveAsync("j1", 0.4);
        var over = await Assert.ThrowsExactlyAsync<BudgetExhaustedException>(() => fixture.ReserveAsync("j2", 0.600000001));
        Assert.AreEqual(0.6, over.Figures.FitsEpsilon, 1e-9);
        await fixture.ReserveAsync("j2", 0.6);

        var full = await Assert.ThrowsExactlyAsync<BudgetExhaustedException>(() => fixture.ReserveAsync("j3", 1e-9));

        Assert.AreEqual((1.0, 0.0, 0.0), (full.Figures.SpentEpsilon, full.Figures.RemainingEpsilon, full.Figures.FitsEpsilon));
    }

    [TestMethod]
    public async Task Delta_runs_out_too_and_what_would_fit_at_a_smaller_one_is_said()
    {
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.SetBudgetAsync(Dataset, 3, 1e-5, "o", "1");
        await fixture.ReserveAsync("j1", 1, 0.6e-5);

        var refusal = await Assert.ThrowsExactlyAsync<BudgetExhaustedException>(() => fixture.ReserveAsync("j2", 1, 0.6e-5));

        Assert.AreEqual((2.0, 2e-6), (Math.Round(refusal.Figures.FitsEpsilon, 6), Math.Round(refusal.Figures.FitsDelta, 9)));
        await fixture.ReserveAsync("j2", refusal.Figures.FitsEpsilon, refusal.Figures.FitsDelta);
    }

    [TestMethod]
    [DataRow(0), DataRow(-1), DataRow(double.NaN), DataRow(double.PositiveInfinity), DataRow(double.Epsilon), DataRow(1e-310)]
    public async Task Numbers_that_are_none_are_refused_and_spend_nothing(double epsilon)
    {
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.SetBudgetAsync(Dataset, 1, 1e-5, "o", "1");

        await Assert.ThrowsExactlyAsync<PrivacyException>(() => fixture.ReserveAsync("j", epsilon));
        await Assert.ThrowsExactlyAsync<PrivacyException>(() => fixture.Ledger.SetBudgetAsync(Dataset, epsilon, 1e-5, "o", "2"));

        Assert.AreEqual(0, (await fixture.StandingAsync()).SpentEpsilon);
    }

    [TestMethod]
    public async Task A_repeat_reserves_once_and_other_terms_for_the_same_job_are_refused()
    {
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.SetBudgetAsync(Dataset, 1, 1e-5, "o", "1");
        for (var i = 0; i < 3; i++) await fixture.ReserveAsync("j", 0.4);

        var other = await Assert.ThrowsExactlyAsync<LedgerException>(() => fixture.ReserveAsync("j", 0.2));

        Assert.AreEqual(LedgerError.OutOfOrder, other.Error);
        Assert.AreEqual(0.4, (await fixture.StandingAsync()).SpentEpsilon, 1e-12);
    }

    [TestMethod]
    public async Task Untouched_it_is_given_back_and_touched_never()
    {
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.SetBudgetAsync(Dataset, 1, 1e-5, "o", "1");
        await fixture.ReserveAsync("unused", 0.5);
        await fixture.ReserveAsync("seen", 0.5);
        await fixture.Ledger.TouchAsync("seen", default);

        Assert.IsTrue(await fixture.Ledger.ReleaseAsync("unused", default));
        Assert.IsFalse(await fixture.Ledger.ReleaseAsync("unused", default), "Once.");
        Assert.IsFalse(await fixture.Ledger.ReleaseAsync("seen", default));
        Assert.AreEqual(
            (false, true, false),
            (await fixture.Ledger.IsSpentAsync("unused", default), await fixture.Ledger.IsSpentAsync("seen", default),
             await fixture.Ledger.IsSpentAsync("never", default)));
        Assert.AreEqual(0.5, (await fixture.StandingAsync()).SpentEpsilon, 1e-12);
        await Assert.ThrowsExactlyAsync<ReservationMissingException>(() => fixture.Ledger.TouchAsync("unused", default));
        await Assert.ThrowsExactlyAsync<ReservationMissingException>(() => fixture.Ledger.TouchAsync("never", default));
    }

    [TestMethod]
    public async Task A_released_model_costs_what_its_noise_did_and_never_more_than_was_reserved()
    {
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.SetBudgetAsync(Dataset, 2, 1e-5, "o", "1");
        await fixture.ReserveAsync("cheap", 1);
        await fixture.Ledger.TouchAsync("cheap", default);
        await fixture.Ledger.CommitAsync("cheap", Statement(1, """[{"type":"gaussian","noise_multiplier":40}]"""), default);
        var cheap = (await fixture.StandingAsync()).SpentEpsilon;
        Assert.IsTrue(cheap is > 0.05 and < 0.2, $"{cheap}");

        await fixture.ReserveAsync("tight", 1);
        await fixture.Ledger.TouchAsync("tight", default);
        var before = (await fixture.StandingAsync()).SpentEpsilon;
        await fixture.Ledger.CommitAsync("tight", Statement(1, """[{"type":"approximate_dp","epsilon":1,"delta":0.000001}]"""), default);

        Assert.IsLessThanOrEqualTo(before, (await fixture.StandingAsync()).SpentEpsilon);
        Assert.IsInstanceOfType<Committed>((await fixture.EntriesAsync())[^1]);
    }

    [TestMethod]
    public async Task Noise_that_did_more_than_was_reserved_counts_as_what_it_did()
    {
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.SetBudgetAsync(Dataset, 2, 1e-5, "o", "1");
        await fixture.ReserveAsync("j", 0.1);
        await fixture.Ledger.TouchAsync("j", default);

        await fixture.Ledger.CommitAsync("j", Statement(0.1, """[{"type":"gaussian","noise_multiplier":1}]"""), default);

        Assert.IsGreaterThan(3.9, (await fixture.StandingAsync()).SpentEpsilon);
        Assert.IsTrue(((Committed)(await fixture.EntriesAsync())[^1]).Overspent);
    }

    [TestMethod]
    public async Task A_release_without_noise_under_a_reservation_is_on_record_as_one_without_a_promise()
    {
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.SetBudgetAsync(Dataset, 2, 1e-5, "o", "1");
        await fixture.ReserveAsync("j", 0.1);
        await fixture.Ledger.TouchAsync("j", default);

        await fixture.Ledger.CommitAsync("j", Statement(0.1, """[{"type":"non_private"}]"""), default);

        Assert.AreEqual((0L, 1L), ((await fixture.StandingAsync()).PrivateReleases, (await fixture.StandingAsync()).NonPrivateReleases));
    }

    [TestMethod]
    public async Task Of_callers_that_come_at_once_exactly_as_many_get_room_as_there_is()
    {
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.SetBudgetAsync(Dataset, 1, 1e-4, "o", "1");

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(async () =>
        {
            try
            {
                await fixture.Open().ReserveAsync(Request($"j{i}", 0.1), default);
                return true;
            }
            catch (BudgetExhaustedException)
            {
                return false;
            }
        })));

        Assert.AreEqual(10, answers.Count(a => a));
        Assert.AreEqual(1, (await fixture.StandingAsync()).SpentEpsilon, 1e-9);
    }

    [TestMethod]
    public async Task Many_small_prices_add_up_without_a_rest()
    {
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.SetBudgetAsync(Dataset, 0.3, 1e-4, "o", "1");
        for (var i = 0; i < 3; i++) await fixture.ReserveAsync($"j{i}", 0.1); // In floating point 0.1 + 0.1 + 0.1 > 0.3.

        await Assert.ThrowsExactlyAsync<BudgetExhaustedException>(() => fixture.ReserveAsync("j3", 1e-9));
    }

    private static readonly Partition Wards = Partition.ByValues(
        "ward", [KeyValuePair.Create("north", (IReadOnlyList<string>)["n"]), KeyValuePair.Create("south", (IReadOnlyList<string>)["s"])]);

    [TestMethod]
    public async Task Parts_that_were_declared_are_paid_for_side_by_side_and_no_others()
    {
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.SetBudgetAsync(Dataset, 1, 1e-5, "o", "1");
        var undeclared = await Assert.ThrowsExactlyAsync<PartitionException>(() => ReservePartAsync(fixture, "j0", 0.1, Wards.Parts[0]));
        Assert.AreEqual(PartitionProblem.Unknown, undeclared.Problem);

        await fixture.Ledger.DeclarePartitionAsync(Dataset, Wards, "o", "2");
        await ReservePartAsync(fixture, "j1", 0.8, Wards.Parts[0]);
        await ReservePartAsync(fixture, "j1", 0.8, Wards.Parts[0]);
        await ReservePartAsync(fixture, "j2", 0.9, Wards.Parts[1]);
        Assert.AreEqual(0.9, (await fixture.StandingAsync()).SpentEpsilon, 1e-9);
        CollectionAssert.AreEqual(new[] { 0.8, 0.9 }, (await fixture.StandingAsync()).Partitions.Single().SpentEpsilon.Select(e => Math.Round(e, 9)).ToList());

        // A part of the same name that would take more rows in is none; nor is one for units that may be in several.
        var wider = Wards.Parts[0] with { Values = ["n", "s"] };
        Assert.AreEqual(
            PartitionProblem.Unknown,
            (await Assert.ThrowsExactlyAsync<PartitionException>(() => ReservePartAsync(fixture, "j3", 0.1, wider))).Problem);
        var request = Request("j4", 0.1);
        request = request with { Terms = request.Terms with { PartJson = Wards.Parts[0].ToJson(), UnitColumn = "person" } };
        Assert.AreEqual(
            PartitionProblem.NotByUnit,
            (await Assert.ThrowsExactlyAsync<PartitionException>(() => fixture.Ledger.ReserveAsync(request, default))).Problem);
        Assert.AreEqual(PartitionProblem.InUse, (await Assert.ThrowsExactlyAsync<PartitionException>(
            () => fixture.Ledger.DeclarePartitionAsync(Dataset, Partition.ByHash("ward", 2), "o", "3"))).Problem);

        // The whole table holds the people of both parts.
        await fixture.ReserveAsync("j5", 0.1);
        await Assert.ThrowsExactlyAsync<BudgetExhaustedException>(() => ReservePartAsync(fixture, "j6", 0.05, Wards.Parts[1]));
        var refusal = await Assert.ThrowsExactlyAsync<BudgetExhaustedException>(() => ReservePartAsync(fixture, "j7", 0.2, Wards.Parts[0]));
        Assert.AreEqual(0.1, refusal.Figures.FitsEpsilon, 1e-6, "What would fit, fits this part.");

        // It comes to the same after the end of every job, and read again line by line.
        await fixture.Ledger.TouchAsync("j2", default);
        await fixture.Ledger.CommitAsync("j2", Statement(0.9, ""), default);
        Assert.IsTrue(await fixture.Ledger.ReleaseAsync("j1", default));
        CollectionAssert.AreEqual(new[] { 0.1, 1.0 }, (await fixture.StandingAsync()).Partitions.Single().SpentEpsilon.Select(e => Math.Round(e, 9)).ToList());
        await fixture.Ledger.AuditAsync((await fixture.StandingAsync()).Name);
    }

    [TestMethod]
    public async Task A_join_of_two_populations_is_not_divided()
    {
        await using var fixture = await CreateAsync(provider);
        const string One = "projects/p/datasets/one", Two = "projects/p/datasets/two", Both = "projects/p/datasets/both";
        await fixture.Ledger.RegisterAsync(One, Fingerprints(true, [1, 2, 3]));
        await fixture.Ledger.RegisterAsync(Two, Fingerprints(true, [4, 5, 6]));
        await fixture.Ledger.RegisterAsync(Both, Fingerprints(true, [1, 2, 3, 4, 5, 6]));

        Assert.AreEqual(PartitionProblem.SeveralPopulations, (await Assert.ThrowsExactlyAsync<PartitionException>(
            () => fixture.Ledger.DeclarePartitionAsync(Both, Wards, "o", "1"))).Problem);
        await fixture.Ledger.DeclarePartitionAsync(One, Wards, "o", "1");
    }

    private static Task ReservePartAsync(LedgerFixture fixture, string job, double epsilon, PartitionPart part)
    {
        var request = Request(job, epsilon);
        return fixture.Ledger.ReserveAsync(request with { Terms = request.Terms with { PartJson = part.ToJson() } }, default);
    }
}
