using Microsoft.Data.Sqlite;
using static SynthStudio.Catalog.Tests.Ledger.LedgerFixture;

namespace SynthStudio.Catalog.Tests.Ledger;

/// <summary>A database that is put back is noticed.</summary>
[TestClass]
public sealed class CopyTests
{
    [TestMethod]
    public async Task An_older_copy_is_refused_and_the_newest_goes_on()
    {
        await using var fixture = await CreateAsync();
        await fixture.Ledger.SetBudgetAsync(Dataset, 2, 1e-5, "o", "1");
        var older = Copy(fixture, "older");
        await fixture.ReserveAsync("j", 1.5);
        var newest = Copy(fixture, "newest");

        PutBack(fixture, older);
        var refusal = await Assert.ThrowsExactlyAsync<LedgerUnsafeException>(() => fixture.Open().ReserveAsync(Request("k", 1.5), default));
        Assert.Contains("older copy", refusal.Problem);
        await Assert.ThrowsExactlyAsync<LedgerUnsafeException>(() => fixture.Open().GetBudgetAsync(Dataset));

        PutBack(fixture, newest);
        await fixture.Open().ReserveAsync(Request("k", 0.5), default);
    }

    private static string Copy(LedgerFixture fixture, string name)
    {
        fixture.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        SqliteConnection.ClearAllPools();
        var copy = fixture.File + "." + name;
        File.Copy(fixture.File, copy, overwrite: true);
        return copy;
    }

    private static void PutBack(LedgerFixture fixture, string copy)
    {
        SqliteConnection.ClearAllPools();
        foreach (var ending in (string[])["-wal", "-shm"]) File.Delete(fixture.File + ending);
        File.Copy(copy, fixture.File, overwrite: true);
    }
}
