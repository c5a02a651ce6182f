using System.Net;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>The examples in other languages, with stubs generated from the protocol files, against a served process.</summary>
[TestClass]
public sealed class LanguageClientTests
{
    private const int Rows = 200;

    private static readonly TemporaryFolder Folder = new();
    private static readonly Lazy<Task> TypeScript = new(PrepareTypeScriptAsync);
    private static ServedProcess server = null!;
    private static string table = null!;

    public TestContext TestContext { get; set; } = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext _)
    {
        server = await ServedProcess.SharedAsync();
        table = SampleTable.Write(Folder["people.csv"], rows: 200);
    }

    [ClassCleanup]
    public static void Clean() => Folder.Dispose();

    [TestMethod]
    public async Task Python_over_gRPC()
    {
        var example = Example("python");
        (await Command.RunAsync("bash", ["generate.sh"], example)).Succeeded();

        (await Command.RunAsync(
            "/usr/bin/python3",
            ["synthesize.py", "--server", server.Grpc.Authority, "--key", server.KeyFile, "--max-time", "120", "--rows", $"{Rows}", table, Folder["python.csv"]],
            example)).Succeeded();

        AssertRows(Folder["python.csv"]);
    }

    [TestMethod]
    public async Task CSharp_over_gRPC()
    {
        (await Command.RunAsync(
            Repository.Executable("synthesize"),
            ["--server", $"{server.Grpc}", "--key", server.KeyFile, "--max-time", "120", "--rows", $"{Rows}", table, Folder["csharp.csv"]])).Succeeded();

        AssertRows(Folder["csharp.csv"]);
    }

    [TestMethod]
    public async Task TypeScript_over_gRPC_and_over_gRPC_Web_strictly_typed()
    {
        var example = Example("typescript");
        await TypeScript.Value;
        (await Command.RunAsync("npm", ["run", "build"], example)).Succeeded();

        foreach (var (name, transport) in new[] { ("typescript.csv", (string[])["--server", $"{server.Grpc}"]), ("web.csv", ["--web", "--server", $"{server.Http}"]) })
        {
            (await Command.RunAsync(
                "node", ["dist/synthesize.js", .. transport, "--key", server.KeyFile, "--max-time", "120", "--rows", $"{Rows}", table, Folder[name]], example)).Succeeded();
            AssertRows(Folder[name]);
        }
    }

    /// <summary>Where there is no Go of 1.24 or later with protoc's plugins, <see cref="GoExampleTests"/> alone holds the example against the protocol files.</summary>
    [TestMethod]
    public async Task Go_over_gRPC_where_there_is_a_Go()
    {
        if ((await Command.RunAsync("bash", ["-c", "command -v go && command -v protoc-gen-go && command -v protoc-gen-go-grpc"])).ExitCode != 0)
        {
            TestContext.WriteLine("There is no Go here, or no protoc-gen-go and protoc-gen-go-grpc: nothing was run.");
            return;
        }

        (await Command.RunAsync("bash", ["generate.sh"], Example("go"))).Succeeded();
        (await Command.RunAsync("cp", ["-r", Example("go"), Folder["go"]])).Succeeded(); // What it needs is written into go.mod and go.sum.
        (await Command.RunAsync("go", ["mod", "tidy"], Folder["go"])).Succeeded();

        (await Command.RunAsync(
            "go", ["run", ".", "-server", server.Grpc.Authority, "-key", server.KeyFile, "-max-time", "120s", "-rows", $"{Rows}", table, Folder["go.csv"]], Folder["go"])).Succeeded();

        AssertRows(Folder["go.csv"]);
    }

    /// <summary>The build of the example holds its calls against the types: what the protocol files do not have is an error.</summary>
    [TestMethod]
    public async Task TypeScript_that_does_not_fit_the_protocol_is_not_built()
    {
        var example = Example("typescript");
        await TypeScript.Value;
        var source = (await File.ReadAllTextAsync(Path.Combine(example, "synthesize.ts"))).Replace("\"./generated/", "\"./", StringComparison.Ordinal);
        (string Right, string Wrong, string Said)[] misfits =
        [
            ("createUpload({ parent: project,", "createUpload({ parnet: project,", "'parnet'"), ("DatasetState.READY", "DatasetState.REDY", "'REDY'"), ("const rows = BigInt(", "const rows = String(", "'bigint"),
        ];
        foreach (var (misfit, number) in misfits.Select((misfit, number) => (misfit, number)))
        {
            Assert.Contains(misfit.Right, source);
            await File.WriteAllTextAsync(Misfit(number), source.Replace(misfit.Right, misfit.Wrong, StringComparison.Ordinal));
        }

        var built = await Command.RunAsync("npx", ["tsc", "--noEmit"], example);
        for (var number = 0; number < misfits.Length; number++) File.Delete(Misfit(number));

        Assert.AreNotEqual(0, built.ExitCode);
        var errors = built.Output.Split('\n').Where(line => line.Contains("error TS", StringComparison.Ordinal)).ToList();
        Assert.HasCount(misfits.Length, errors, built.Output);
        for (var number = 0; number < misfits.Length; number++)
        {
            Assert.IsTrue(
                errors.Any(line => line.StartsWith($"generated/misfit{number}.ts", StringComparison.Ordinal)
                    && line.Contains(misfits[number].Said, StringComparison.Ordinal)),
                built.Output);
        }

        string Misfit(int number) => Path.Combine(example, "generated", $"misfit{number}.ts");
    }

    [TestMethod]
    public async Task Python_receives_a_signed_event_and_refuses_what_is_not()
    {
        await using var host = await ServedProcess.StartHostAsync(
            Folder["hooks"], Folder["hooks/admin.key"], [new("Api:Webhooks:AllowHttp", "true"), new("Api:Webhooks:AllowedNetworks:0", "127.0.0.0/8")]);
        var port = Ports.FindFree();
        string[] connection = ["--server", $"{host.Grpc}", "--key-file", host.KeyFile];
        var made = await Command.SynthAsync(["webhooks", "create", $"http://127.0.0.1:{port}/", "--on", "profiling.succeeded", .. connection]);
        made.Succeeded();
        var lines = made.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var receiving = Command.RunAsync("/usr/bin/python3", ["webhook_receiver.py", "--port", $"{port}", "--secret", lines[^1].Trim(), "--count", "1"], Example("python"));
        await ForgeAsync(new Uri($"http://127.0.0.1:{port}/"));
        (await Command.SynthAsync(["datasets", "upload", table, .. connection])).Succeeded();
        var received = await receiving;
        received.Succeeded();

        Assert.StartsWith("dev.synthstudio.profiling.succeeded projects/default/datasets/", received.Output);
        Assert.DoesNotContain("forged", received.Output);
        var deliveries = await DeliveredAsync(lines[0].Trim(), connection);
        var id = deliveries.Output.Split('\n').First(line => line.Contains("profiling.succeeded", StringComparison.Ordinal)).Split(' ')[0];
        var shown = (await Command.SynthAsync(["webhooks", "delivery", lines[0].Trim(), id, .. connection])).Succeeded();
        Assert.Contains("WEBHOOK_DELIVERY_STATE_DELIVERED", shown.Output);
        Assert.Contains("\"httpStatus\": 2", shown.Output);
    }

    /// <summary>What the server says of its deliveries, once it has noted that one arrived: it hears that after the receiver knows.</summary>
    private static async Task<CommandResult> DeliveredAsync(string webhook, string[] connection)
    {
        for (var i = 0; ; i++)
        {
            var deliveries = (await Command.SynthAsync(["webhooks", "deliveries", webhook, .. connection])).Succeeded();
            if (deliveries.Output.Contains("delivered", StringComparison.Ordinal))
            {
                return deliveries;
            }

            Assert.IsLessThan(100, i, deliveries.Output);
            await Task.Delay(200);
        }
    }

    /// <summary>Installs what the example needs, and makes its stubs.</summary>
    private static async Task PrepareTypeScriptAsync()
    {
        (await Command.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], Example("typescript"))).Succeeded();
        (await Command.RunAsync("npm", ["run", "generate"], Example("typescript"))).Succeeded();
    }

    /// <summary>Sends what nobody signed, when the receiver listens.</summary>
    private static async Task ForgeAsync(Uri receiver)
    {
        using var client = new HttpClient();
        for (var i = 0; ; i++)
        {
            try
            {
                using var content = new StringContent("""{"id":"forged","type":"forged","subject":"forged","data":{}}""");
                content.Headers.Add("webhook-id", "forged");
                content.Headers.Add("webhook-timestamp", $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}");
                content.Headers.Add("webhook-signature", "v1,Zm9yZ2Vk");
                using var answer = await client.PostAsync(receiver, content);
                Assert.AreEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
                return;
            }
            catch (HttpRequestException) when (i < 2400)
            {
                await Task.Delay(50);
            }
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
