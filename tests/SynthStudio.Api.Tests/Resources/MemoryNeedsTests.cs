using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>What a silo must have is told to the scheduler: it grows with the table for a training, and not for a draw.</summary>
[TestClass]
public sealed class MemoryNeedsTests : ApiTest
{
    private const long Cells = 100_000_000L * 20;

    [TestMethod]
    public async Task A_training_asks_for_room_for_its_table_and_a_draw_for_a_worker()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var dataset = await Server.Get<DatasetStore>().FindAsync(tenant.Dataset, Cancellation);
        await Server.Get<DatasetStore>().UpdateAsync(dataset! with { RowCount = 100_000_000, ColumnCount = 20 }, Cancellation);
        var generator = await client.Generators.CreateGeneratorAsync(new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset } });

        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = generator.Name })).Training.Name;
        var trainingNeed = await NeedAsync(training);
        await (await Server.Worker.TakeAsync(training)).CompleteAsync(("model", "m"));
        var synthetic = await client.Synthetics.CreateSyntheticDatasetAsync(
            new() { Parent = tenant.Project, SyntheticDataset = new() { Generator = generator.Name, Rows = 1 } });

        Assert.IsGreaterThan(Cells * sizeof(int), trainingNeed);
        Assert.IsLessThan(1L << 30, await NeedAsync(synthetic.Job));
        Assert.IsGreaterThan(0, await NeedAsync(synthetic.Job));
    }

    private async Task<long> NeedAsync(string job) =>
        (await Server.Get<ILeaseStore>().ListAsync(Cancellation)).Single(work => work.Item.Job == job).Item.Requirements.MemoryBytes;
}
