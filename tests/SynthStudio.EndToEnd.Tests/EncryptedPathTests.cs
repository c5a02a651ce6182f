using System.Text;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>The whole path on a server that encrypts its objects: workers learn and draw as ever, and no object shows anything.</summary>
[TestClass]
public sealed class EncryptedPathTests
{
    /// <summary>In the table, the model and the drawn rows.</summary>
    private const string Mark = "Kirchberg";

    [TestMethod]
    public async Task A_table_is_learned_and_drawn_and_nothing_of_it_lies_open_in_the_object_store()
    {
        using var folder = new TemporaryFolder();
        var data = folder["data"];
        await using var server = await ServedProcess.StartHostAsync(
            data, Path.Combine(data, "admin.key"), [new("Encryption:Objects", "true"), new("Encryption:MasterKey", Convert.ToBase64String(new byte[32]))]);
        var studio = new Studio(server.Channel);
        var project = await studio.CreateProjectAsync();
        var table = new StringBuilder("town,age\n");
        for (var i = 0; i < 300; i++) table.Append(i % 3 == 0 ? Mark : "Graz").Append(',').Append(20 + (i % 50)).Append('\n');
        var dataset = await studio.UploadAsync(project, "towns.csv", Encoding.UTF8.GetBytes(table.ToString()));
        Assert.AreEqual(DatasetState.Ready, dataset.State);

        var generator = await studio.LearnAsync(project, dataset.Name, TimeSpan.FromMinutes(2), steps: 50);
        Assert.AreEqual(GeneratorState.Ready, generator.State);
        Assert.Contains(Mark, await studio.DrawAsync(project, generator.Name, 200));

        var objects = Directory.EnumerateFiles(Path.Combine(data, "objects"), "*", SearchOption.AllDirectories).ToList();
        Assert.IsGreaterThan(3, objects.Count);
        foreach (var file in objects)
        {
            var bytes = await File.ReadAllBytesAsync(file);
            Assert.AreEqual("SSE1", Encoding.ASCII.GetString(bytes, 0, 4), file);
            Assert.IsLessThan(0, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Mark)), file);
        }
    }
}
