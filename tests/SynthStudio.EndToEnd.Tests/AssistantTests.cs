using System.Text.Json.Nodes;
using SynthStudio.Testing.LanguageModels;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>
/// The command line asks a played language model about a real server, whose workers parse what it declares;
/// no value of the real table reaches it.
/// </summary>
[TestClass]
public sealed class AssistantTests
{
    private static readonly TemporaryFolder Folder = new();
    private static ServedProcess server = null!;
    private static LanguageModelServer model = null!;
    private static string dataset = null!;
    private static Func<Asked, int, Reply> script = (_, _) => Reply.Says("Nothing.");

    [ClassInitialize]
    public static async Task StartAsync(TestContext _)
    {
        model = await LanguageModelServer.StartAsync((asked, number) => script(asked, number));
        await File.WriteAllTextAsync(Folder["key"], "sk-from-a-file\n");
        server = await ServedProcess.StartHostAsync(Folder["data"], Path.Combine(Folder["data"], "admin.key"), new Dictionary<string, string>
        {
            ["Api:Features:Assistant"] = "true", ["Api:Assistant:Providers:0:Id"] = "played", ["Api:Assistant:Providers:0:Address"] = model.Address,
            ["Api:Assistant:Providers:0:Model"] = "m", ["Api:Assistant:Providers:0:ApiKeyFile"] = Folder["key"],
        });
        var uploaded = (await SynthAsync("datasets", "upload", SampleTable.Write(Folder["people.csv"], rows: 800))).Succeeded();
        dataset = uploaded.Output.Split(['\n', ' ']).Last(word => word.Contains("/datasets/", StringComparison.Ordinal)).Trim();
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await server.DisposeAsync();
        await model.DisposeAsync();
        Folder.Dispose();
    }

    [TestInitialize]
    public void Reset() => model.Reset();

    [TestMethod]
    public async Task A_question_is_answered_by_looks_at_the_project_and_no_value_leaves()
    {
        script = (_, number) => number == 0 ? Reply.Calls(("show_dataset", new JsonObject { ["dataset"] = dataset }.ToJsonString()), ("list_methods", "{}")) : Reply.Says("It has 800 rows.");

        var answer = (await SynthAsync("assistant", "chat", "How many rows are there?")).Succeeded();

        Assert.Contains("It has 800 rows.", answer.Output);
        Assert.Contains("\"city\"", model.All[^1].Text.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\u0022", "\"", StringComparison.Ordinal));
        foreach (var city in SampleTable.Cities) Assert.DoesNotContain(city, string.Concat(model.All.Select(asked => asked.Text)));
        Assert.AreEqual("Bearer sk-from-a-file", model.All[0].Authorization);
        Assert.DoesNotContain("sk-from-a-file", server.ToString());
        Assert.Contains("played", (await SynthAsync("assistant", "status")).Succeeded().Output);
    }

    [TestMethod]
    public async Task A_proposed_table_is_one_that_synth_mock_makes()
    {
        script = (_, number) => Reply.Says(number == 0
            ? """{"columns":{"id":{"type":"sequence"},"ward":{"type":"magic"}}}"""
            : """{"columns":{"id":{"type":"sequence"},"ward":{"type":"category","values":{"north":3,"south":1}}}}""");

        var proposed = (await SynthAsync("assistant", "propose-schema", "Visits to wards", "--rows", "3", "--out", Folder["visits.json"])).Succeeded();

        Assert.StartsWith("id,ward\n1,", proposed.Output);
        Assert.Contains("the type 'magic' is unknown", model.All[1].Last);
        (await Command.SynthAsync("mock", Folder["visits.json"], "--rows", "50", "--out", Folder["visits.csv"])).Succeeded();
        Assert.HasCount(51, await File.ReadAllLinesAsync(Folder["visits.csv"]));
    }

    [TestMethod]
    public async Task Consent_is_shown_given_and_revoked_and_columns_are_classified()
    {
        Assert.Contains("No values are sent", (await SynthAsync("assistant", "consent", dataset)).Succeeded().Output);
        Assert.Contains($"may be sent to {new Uri(model.Address).Authority}", (await SynthAsync("assistant", "consent", dataset, "--allow")).Succeeded().Output);
        Assert.Contains("No values are sent", (await SynthAsync("assistant", "consent", dataset, "--revoke")).Succeeded().Output);

        script = (_, _) => Reply.Says("""{"columns":[{"name":"city","content":"place of living","sensitivity":"quasi_identifier","confidence":"high","reason":"its name"}]}""");
        var classified = (await SynthAsync("assistant", "classify", dataset)).Succeeded().Output;
        Assert.Contains("place of living", classified);
        Assert.Contains("quasi identifier", classified);
    }

    [TestMethod]
    public async Task A_narrative_rests_on_an_evidence_pack_and_says_what_it_left_out()
    {
        (await SynthAsync("evidence", "create", "--framework", "gdpr", "--id", "narrated")).Succeeded();
        script = (asked, _) =>
        {
            var facts = JsonNode.Parse(asked.Messages[1]["content"]!.GetValue<string>().Split('\n')[1])!["facts"]!.AsArray();
            var fact = facts.First(f => f!["name"]!.GetValue<string>() == "real-rows")!;
            return Reply.Says($$"""
                {"sections":[{"heading":"Real rows","sentences":[{"text":"{{fact["value"]}}","facts":["{{fact["id"]}}"]},{"text":"There are 41 owners.","facts":["{{fact["id"]}}"]}]}]}
                """);
        };

        var drafted = (await SynthAsync("assistant", "narrative", "narrated", "--framework", "gdpr", "--out", Folder["narrative.md"])).Succeeded();

        Assert.Contains("Left out, it has numbers that its facts have not: 41", drafted.Errors);
        var text = await File.ReadAllTextAsync(Folder["narrative.md"]);
        Assert.Contains("## Real rows\n\nThe data policy lets owners alone see real rows", text);
        Assert.DoesNotContain("41 owners", text);
        Assert.Contains("GDPR Art. 25(2)", text);
    }

    [TestMethod]
    public async Task Without_the_setting_the_command_says_which_one_it_is()
    {
        var plain = await ServedProcess.SharedAsync();

        var refused = await Command.SynthAsync(["assistant", "status", .. plain.AsAdministrator]);

        Assert.AreNotEqual(0, refused.ExitCode);
        Assert.Contains("SynthStudio:Api:Features:Assistant", refused.Errors);
    }

    private static Task<CommandResult> SynthAsync(params string[] arguments) => Command.SynthAsync([.. arguments, .. server.AsAdministrator]);
}
