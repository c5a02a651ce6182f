namespace SynthStudio.EndToEnd.Tests;

/// <summary>The examples in other languages, with stubs generated from the protocol files, against a served process.</summary>
[TestClass, DoNotParallelize]
public sealed class LanguageClientTests
{
    private const int Rows = 200;

    private static readonly TemporaryFolder Folder = new();
    private static ServedProcess server = null!;
    private static string table = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext _)
    {
        server = await ServedProcess.StartAsync(Folder["data"]);
        table = SampleTable.Write(Folder["people.csv"], rows: 800);
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await server.DisposeAsync();
        Folder.Dispose();
    }

    [TestMethod]
    public async Task Python_over_gRPC()
    {
        var example = Example("python");
        (await Command.RunAsync("bash", ["generate.sh"], example)).Succeeded();

        (await Command.RunAsync(
            "/usr/bin/python3",
            ["synthesize.py", "--server", server.Grpc.Authority, "--key", server.KeyFile, "--max-time", "3", "--rows", $"{Rows}", table, Folder["python.csv"]],
            example)).Succeeded();

        AssertRows(Folder["python.csv"]);
    }

    [TestMethod]
    public async Task Node_over_gRPC_and_over_gRPC_Web()
    {
        var example = Example("node");
        (await Command.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], example)).Succeeded();
        (await Command.RunAsync("npm", ["run", "generate"], example)).Succeeded();

        foreach (var (name, transport) in new[] { ("node.csv", (string[])["--server", $"{server.Grpc}"]), ("web.csv", ["--web", "--server", $"{server.Http}"]) })
        {
            (await Command.RunAsync(
                "node", ["synthesize.mjs", .. transport, "--key", server.KeyFile, "--max-time", "3", "--rows", $"{Rows}", table, Folder[name]], example)).Succeeded();
            AssertRows(Folder[name]);
        }
    }

    private static string Example(string language) => Path.Combine(Repository.Root, "tools", "examples", language);

    private static void AssertRows(string file)
    {
        var lines = File.ReadAllLines(file);
        Assert.AreEqual("age,city,income,member,since", lines[0]);
        Assert.HasCount(Rows + 1, lines);
    }
}
