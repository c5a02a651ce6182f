using System.Text.Json.Nodes;
using SynthStudio.Assistant.Conversations;
using SynthStudio.Assistant.Tasks;

namespace SynthStudio.Assistant.Tests;

/// <summary>Models that have things looked up: rightly, wrongly and without end.</summary>
[TestClass]
public sealed class ConversationTests
{
    [TestMethod]
    public async Task A_tool_is_called_and_what_it_tells_goes_back()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Calls(("show_thing", """{"thing":"t1"}""")), Reply.Says("It has 7 parts, not 8."));
        using var bench = new Bench(model);

        var end = await ChatAsync(bench);

        Assert.AreEqual("show_thing", bench.Tools.Single().Tool);
        Assert.AreEqual("things/t1", bench.Tools.Single().Result.Resource);
        CollectionAssert.AreEqual(new[] { "show_thing" }, model.All[0].Tools.ToArray());
        var told = model.All[1].Messages[^1];
        Assert.AreEqual(("tool", "call_0"), (told["role"]!.GetValue<string>(), told["tool_call_id"]!.GetValue<string>()));
        Assert.Contains("\"parts\":7", told["content"]!.GetValue<string>());
        Assert.AreEqual("It has 7 parts, not 8.", bench.Told.ToString());
        CollectionAssert.AreEqual(new[] { "8" }, end.UnsupportedNumbers.ToArray(), "Nobody told it that.");
    }

    [TestMethod]
    [DataRow("delete_everything", "{}", "UNKNOWN_TOOL")]
    [DataRow("show_thing", "{}", "INVALID_ARGUMENTS")]
    [DataRow("show_thing", "not json", "INVALID_ARGUMENTS")]
    [DataRow("show_thing", "[1]", "INVALID_ARGUMENTS")]
    public async Task What_there_is_not_is_not_called_and_the_model_hears_why(string tool, string arguments, string error)
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Calls((tool, arguments)), Reply.Says("Sorry."));
        using var bench = new Bench(model);

        await ChatAsync(bench);

        Assert.AreEqual(error, bench.Tools.Single().Result.Error);
        Assert.AreEqual("Sorry.", bench.Told.ToString());
    }

    [TestMethod]
    public async Task A_number_that_a_model_puts_into_a_question_and_an_error_repeats_is_nobodys_word()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Calls(("show_thing", """{"thing":"of 99 parts"}""")), Reply.Says("It has 99 parts."));
        using var bench = new Bench(model);

        var end = await ChatAsync(bench);

        Assert.Contains("of 99 parts", model.All[1].Messages[^1]["content"]!.GetValue<string>());
        CollectionAssert.AreEqual(new[] { "99" }, end.UnsupportedNumbers.ToArray());
    }

    [TestMethod]
    public async Task The_name_of_a_tool_that_a_model_makes_up_steers_no_terminal()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Calls(("show\u001b[31m", "{}")), Reply.Says("Sorry."));
        using var bench = new Bench(model);

        await ChatAsync(bench);

        Assert.AreEqual("show\ufffd[31m", bench.Tools.Single().Tool);
    }

    [TestMethod]
    public async Task A_model_that_finds_no_end_is_told_to_answer()
    {
        await using var model = await LanguageModelServer.StartAsync((asked, _) => asked.Tools.Count > 0 ? Reply.Calls(("show_thing", """{"thing":"t"}""")) : Reply.Says("Enough."));
        using var bench = new Bench(options => options.ToolRounds = 3, model);

        await ChatAsync(bench);

        Assert.HasCount(4, model.All);
        Assert.HasCount(3, bench.Tools);
        Assert.Contains("not available any more", model.All[^1].Last);
        Assert.AreEqual("Enough.", bench.Told.ToString());
    }

    [TestMethod]
    public async Task A_model_that_asks_for_tools_that_it_no_longer_has_is_not_listened_to()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Calls(("show_thing", """{"thing":"t"}""")));
        using var bench = new Bench(options => options.ToolRounds = 2, model);

        await ChatAsync(bench);

        Assert.HasCount(3, model.All);
        Assert.HasCount(2, bench.Tools);
    }

    [TestMethod]
    public async Task Many_tools_at_once_are_called_up_to_a_number()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Calls([.. Enumerable.Repeat(("show_thing", """{"thing":"t"}"""), 20)]), Reply.Says("Done."));
        using var bench = new Bench(model);

        await ChatAsync(bench);

        Assert.AreEqual(8, bench.Tools.Count(t => t.Result.Error.Length == 0));
        Assert.AreEqual(12, bench.Tools.Count(t => t.Result.Error == "TOO_MANY_CALLS"));
    }

    [TestMethod]
    public async Task A_conversation_that_grows_beyond_the_calls_tokens_ends()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Calls(("show_thing", """{"thing":"t"}""")).WithUsage(700, 100));
        using var bench = new Bench(options => (options.CallTokens, options.ToolRounds) = (1000, 50), model);

        var error = await Assert.ThrowsExactlyAsync<AssistantException>(() => ChatAsync(bench));

        Assert.AreEqual(AssistantProblem.TokensSpent, error.Problem);
        Assert.IsLessThan(4, model.All.Count);
    }

    private static async Task<WordsEnd> ChatAsync(Bench bench)
    {
        var parameters = new Dictionary<string, string> { ["thing"] = "Its name." };
        var tool = new AssistantTool("show_thing", "Shows a thing.", parameters, (arguments, _) => Task.FromResult(
            arguments["thing"].Contains(' ', StringComparison.Ordinal)
                ? new ToolResult($"INVALID_NAME: '{arguments["thing"]}' is no name.", "", "INVALID_NAME")
                : new ToolResult(
                    new JsonObject { ["name"] = arguments["thing"], ["parts"] = 7 }.ToJsonString(), $"things/{arguments["thing"]}")));
        using var budget = bench.Budget();
        return await new ProjectChat(bench.Conversation).AnswerAsync("projects/p", [new Said(false, "How many parts?")], [tool], budget, bench);
    }
}
