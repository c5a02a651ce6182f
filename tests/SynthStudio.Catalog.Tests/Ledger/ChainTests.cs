using Microsoft.Extensions.Time.Testing;
using SynthStudio.Privacy.Ledger;
using static SynthStudio.Catalog.Tests.Ledger.LedgerFixture;

namespace SynthStudio.Catalog.Tests.Ledger;

/// <summary>A ledger that was changed, cut or put back is not trusted.</summary>
public abstract class ChainTests(Provider provider)
{
    [TestMethod]
    [DataRow("UPDATE privacy_entries SET line = replace(line, '900000000', '100000000')", DisplayName = "A price is made smaller")]
    [DataRow("DELETE FROM privacy_entries WHERE sequence = 3", DisplayName = "A line is taken out")]
    [DataRow("UPDATE privacy_populations SET state = replace(state, '900000000', '100000000')", DisplayName = "The sum is made smaller")]
    [DataRow("UPDATE privacy_entries SET line = replace(line, '\"actor\":\"o\"', '\"actor\":\"x\"')", DisplayName = "Somebody else did it")]
    public async Task What_was_written_cannot_be_changed_unnoticed(string change)
    {
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.SetBudgetAsync(Dataset, 2, 1e-5, "o", "1");
        await fixture.ReserveAsync("j", 0.9);
        await fixture.Ledger.RecordNonPrivateAsync(Dataset, "model", "m", "u", default);
        await fixture.Ledger.RecordNonPrivateAsync(Dataset, "model", "n", "u", default);
        var population = (await fixture.StandingAsync()).Name;
        await fixture.Ledger.AuditAsync(population);
        fixture.Execute(change);

        var found = await Assert.ThrowsAsync<Exception>(() => fixture.Open().AuditAsync(population));

        Assert.IsTrue(found is LedgerException { Error: LedgerError.ChainBroken } or LedgerUnsafeException, found.ToString());
    }

    [TestMethod]
    public async Task A_changed_last_line_stops_every_reservation()
    {
        await using var fixture = await CreateAsync(provider);
        await fixture.Ledger.SetBudgetAsync(Dataset, 2, 1e-5, "o", "1");
        await fixture.ReserveAsync("j", 0.9);
        fixture.Execute("UPDATE privacy_entries SET line = replace(line, '900000000', '100000000')");

        await Assert.ThrowsExactlyAsync<LedgerUnsafeException>(() => fixture.ReserveAsync("k", 0.1));
    }

    [TestMethod]
    public async Task A_clock_that_is_set_back_does_not_reorder_the_lines()
    {
        await using var fixture = await CreateAsync(provider);
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await fixture.Open(clock).SetBudgetAsync(Dataset, 2, 1e-5, "o", "1");
        await fixture.Open(new FakeTimeProvider(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero))).ReserveAsync(Request("j", 1), default);

        var lines = (await fixture.Ledger.ListAsync(Dataset, new PageRequest(10))).Items;

        CollectionAssert.AreEqual(new[] { 2L, 1L }, lines.Select(l => l.Line.Sequence).ToList());
        Assert.IsGreaterThan(lines[1].CreateTime, lines[0].CreateTime);
    }

    [TestMethod]
    public async Task Broken_off_at_any_step_and_repeated_it_has_happened_once_and_is_remembered()
    {
        foreach (var step in Enum.GetValues<LedgerStep>())
        {
            await using var fixture = await CreateAsync(provider);
            await fixture.Ledger.SetBudgetAsync(Dataset, 2, 1e-5, "o", "1");
            var broken = false;
            var dying = fixture.Open(onStep: reached =>
            {
                if (reached != step || broken) return;
                broken = true;
                throw new IOException("The process died here.");
            });

            await Assert.ThrowsExactlyAsync<IOException>(() => dying.ReserveAsync(Request("j", 0.9), default));
            await fixture.Open().ReserveAsync(Request("j", 0.9), default);
            using var anchor = fixture.OpenAnchor();
            var population = (await fixture.Ledger.ListPopulationsAsync()).Single();

            Assert.AreEqual(2, (await anchor.FindAsync(population, default))?.Sequence, $"{step}: an older copy of the database would not be noticed.");
            Assert.AreEqual(0.9, (await fixture.StandingAsync()).SpentEpsilon, 1e-12, $"{step}");
            Assert.HasCount(2, await fixture.EntriesAsync(), $"{step}");
        }
    }
}
