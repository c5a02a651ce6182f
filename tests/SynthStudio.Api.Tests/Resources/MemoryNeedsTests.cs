using SynthStudio.Api.Services;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>What a silo must have is told to the scheduler: it grows with the table for a training, and not for a draw.</summary>
[TestClass]
public sealed class MemoryNeedsTests : ApiTest
{
    [TestMethod]
    public async Task A_training_asks_for_room_by_method_rows_and_columns_and_a_draw_for_a_worker()
    {
        var tenant = await TenantAsync(rows: 10_000, columns: 500);
        using var client = Server.Client(tenant.Key);
        var generator = await client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset, Method = "autoregressive" } });

        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = generator.Name })).Training.Name;
        Assert.AreEqual((300L << 20) + (500 * (4L << 20)) + (5_000_000 * 64), await NeedAsync(training));
        await (await Server.Worker.TakeAsync(training)).CompleteAsync(("model", "m"));
        var synthetic = await client.Synthetics.CreateSyntheticDatasetAsync(
            new() { Parent = tenant.Project, SyntheticDataset = new() { Generator = generator.Name, Rows = 1 } });

        Assert.AreEqual(MemoryNeeds.Worker, await NeedAsync(synthetic.Job));
    }

    [TestMethod]
    public async Task What_a_training_asks_for_follows_its_method()
    {
        var tenant = await TenantAsync(rows: 1_000, columns: 500);
        using var client = Server.Client(tenant.Key);
        var generator = await client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset, Method = "autoregressive" } });
        generator.Method = "copula";
        generator = await client.Generators.UpdateGeneratorAsync(new() { Generator = generator, UpdateMask = new() { Paths = { "method" } } });

        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = generator.Name })).Training.Name;

        Assert.AreEqual(MemoryNeeds.Worker + (500_000 * 64), await NeedAsync(training), "A method that does not tell is taken to need its table.");
    }

    [TestMethod]
    [DataRow(false, 40_000_000L)]
    [DataRow(true, 2_000_000_000L)]
    public void A_table_that_does_not_fit_is_not_held_but_under_privacy_terms(bool isPrivate, long cells) =>
        Assert.AreEqual(7 + (20 * 3) + (cells * 2), new TrainingMemory(7, 3, 2, 40_000_000).Of(100_000_000, 20, isPrivate));

    [TestMethod]
    public void Reports_and_profiles_ask_for_what_was_measured()
    {
        var table = new DatasetRecord
        {
            Name = "projects/p/datasets/d", Project = "projects/p", State = DatasetState.Ready, FileName = "t.csv", Creator = "users/u", RowCount = 1_000_000, ColumnCount = 20,
            CreateTime = DateTimeOffset.UnixEpoch, UpdateTime = DateTimeOffset.UnixEpoch,
        };
        Assert.IsGreaterThan(1_530L << 20, MemoryNeeds.OfEvaluation(table, 1_100_000));
        Assert.IsLessThan(1_700L << 20, MemoryNeeds.OfEvaluation(table, 1_100_000));
        Assert.IsGreaterThan(595L << 20, MemoryNeeds.OfProfile(table with { RowCount = 6_800_000 }));
        Assert.IsLessThan(800L << 20, MemoryNeeds.OfProfile(table with { RowCount = 1_000_000_000 }));
    }

    private async Task<Tenant> TenantAsync(long rows, int columns)
    {
        var tenant = await Tenant.CreateAsync(Server);
        var dataset = await Server.Get<DatasetStore>().FindAsync(tenant.Dataset, Cancellation);
        await Server.Get<DatasetStore>().UpdateAsync(dataset! with { RowCount = rows, ColumnCount = columns }, Cancellation);
        return tenant;
    }

    private async Task<long> NeedAsync(string job) =>
        (await Server.Get<ILeaseStore>().ListAsync(Cancellation)).Single(work => work.Item.Job == job).Item.Requirements.MemoryBytes;
}
