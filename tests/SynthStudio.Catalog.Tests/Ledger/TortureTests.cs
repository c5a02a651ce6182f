using SynthStudio.LedgerTorture;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Catalog.Tests.Ledger;

/// <summary>The short version of what tools/torture does with 100,000 operations: processes that die between any two durable steps.</summary>
[TestClass]
public sealed class TortureTests
{
    [TestMethod]
    public async Task Nothing_is_lost_or_double_or_over_budget_and_a_copy_that_is_put_back_is_noticed()
    {
        await IsGoodAsync(postgres: null);
    }

    [TestMethod]
    public async Task Nor_on_PostgreSQL() => await IsGoodAsync(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());

    private static async Task IsGoodAsync(string? postgres)
    {
        var verdict = await RunAsync(PlantedFault.None, operations: 240, postgres);

        Assert.IsTrue(verdict.IsGood, verdict.ToString());
        Assert.IsGreaterThan(0, verdict.Deaths);
        Assert.IsGreaterThanOrEqualTo(236, verdict.Operations);
    }

    [TestMethod]
    [DataRow(PlantedFault.RefundAfterTouch)]
    [DataRow(PlantedFault.CheckThenAct)]
    public async Task A_planted_fault_is_found(PlantedFault fault)
    {
        // Clients must come in each other's way for some, which they may not do in a single run.
        for (var runs = 1; await RunAsync(fault, operations: 400) is { IsGood: true } verdict; runs++) Assert.IsLessThan(5, runs, verdict.ToString());
    }

    private static async Task<Verdict> RunAsync(PlantedFault fault, int operations, string? postgres = null)
    {
        var folder = Directory.CreateTempSubdirectory("torture-");
        try
        {
            return await TortureRun.RunAsync(new TortureOptions
            {
                Folder = folder.FullName, Operations = operations, Clients = 3, Restores = 1, KillEvery = 200, BreakEvery = 20, Fault = fault,
                Postgres = postgres,
            });
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }
}
