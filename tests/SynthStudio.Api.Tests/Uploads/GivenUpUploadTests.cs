using System.Data.Common;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Uploads;

/// <summary>Who gives an upload up may die half-way, or the database go away: it stays open until nothing is left of it.</summary>
[TestClass]
public sealed class GivenUpUploadTests : ApiTest
{
    [TestMethod]
    public async Task An_upload_whose_data_set_could_not_go_yet_is_given_up_again()
    {
        await using var server = await ApiServer.StartAsync();
        using var client = server.Client((await server.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var upload = await client.Uploads.CreateUploadAsync(new() { Parent = project, Upload = new() { FileName = "t.csv" } });
        var (flow, database) = (server.Get<UploadFlow>(), server.Get<SqliteDataSource>());
        await database.ExecuteAsync("CREATE TRIGGER away BEFORE DELETE ON datasets BEGIN SELECT RAISE(ABORT, 'away'); END", Cancellation);

        await Assert.ThrowsAsync<DbException>(async () => await flow.AbandonAsync(await FindAsync(), Cancellation));
        Assert.AreEqual(UploadState.Open, (await FindAsync()).State, "Nobody looks for what belongs to one that has ended.");

        await database.ExecuteAsync("DROP TRIGGER away", Cancellation);
        await flow.AbandonAsync(await FindAsync(), Cancellation);
        Assert.AreEqual(UploadState.Aborted, (await FindAsync()).State);
        Assert.IsNull(await server.Get<DatasetStore>().FindAnyAsync(upload.Dataset, Cancellation));

        Task<UploadRecord> FindAsync() => flow.FindAsync(upload.Name, Cancellation);
    }
}
