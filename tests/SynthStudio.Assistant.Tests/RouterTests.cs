using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant.Tests;

/// <summary>Models that are overloaded, away, slow, broken or unwilling; and what each question takes.</summary>
[TestClass]
public sealed class RouterTests
{
    [TestMethod]
    public async Task An_answer_comes_piece_by_piece_with_what_it_took()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Says(new string('a', 100)).WithUsage(123, 45));
        using var bench = new Bench(model);
        var pieces = new List<string>();
        using var budget = bench.Budget();

        var answer = await bench.Router.AskAsync([new ChatMessage(ChatRole.User, "Secret question?")], [], null, budget, text =>
        {
            pieces.Add(text);
            return Task.CompletedTask;
        });

        Assert.AreEqual(new string('a', 100), answer.Text);
        CollectionAssert.AreEqual(new[] { 40, 40, 20 }, pieces.Select(p => p.Length).ToArray());
        Assert.AreEqual(new TokenUse(123, 45, false), answer.Use);
        CollectionAssert.AreEqual(new[] { answer.Use }, bench.Used);
        Assert.AreEqual(0, bench.Reserved);
        var asked = model.All.Single();
        Assert.AreEqual("/v1/chat/completions", asked.Path);
        Assert.AreEqual($"Bearer {Bench.Key}", asked.Authorization);
        Assert.AreEqual("played", asked.Body["model"]!.GetValue<string>());
        Assert.IsTrue(asked.Body["stream"]!.GetValue<bool>());
    }

    [TestMethod]
    [DataRow(429)]
    [DataRow(500)]
    [DataRow(503)]
    [DataRow(408)]
    public async Task Who_is_overloaded_or_away_is_asked_again(int status)
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Fails(status), Reply.Fails(status), Reply.Says("yes"));
        using var bench = new Bench(model);

        Assert.AreEqual("yes", (await bench.AskAsync()).Text);

        Assert.HasCount(3, model.All);
        Assert.HasCount(1, bench.Used);
    }

    [TestMethod]
    public async Task Who_says_when_to_ask_again_is_not_asked_before()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Fails(429, retryAfter: 1), Reply.Says("yes"));
        using var bench = new Bench(model);
        var clock = Stopwatch.StartNew();

        await bench.AskAsync();

        Assert.IsGreaterThanOrEqualTo(0.95, clock.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public async Task A_pause_beyond_the_calls_time_is_not_waited_for()
    {
        await using var busy = await LanguageModelServer.StartAsync(Reply.Fails(429, retryAfter: 3600));
        await using var other = await LanguageModelServer.StartAsync(Reply.Says("yes"));
        using var bench = new Bench(busy, other);

        Assert.AreEqual("model-1", (await bench.AskAsync()).Provider);
        Assert.HasCount(1, busy.All);

        using var alone = new Bench(busy);
        var error = await Assert.ThrowsExactlyAsync<AssistantException>(() => alone.AskAsync());
        Assert.AreEqual((AssistantProblem.Unavailable, (TimeSpan?)TimeSpan.FromHours(1)), (error.Problem, error.RetryAfter));
    }

    [TestMethod]
    [DataRow(401, "refuses the server's key")]
    [DataRow(404, "has no such model")]
    public async Task Who_refuses_is_not_asked_again_and_the_next_one_is(int status, string words)
    {
        await using var refusing = await LanguageModelServer.StartAsync(Reply.Fails(status));
        await using var other = await LanguageModelServer.StartAsync(Reply.Says("yes"));
        using var bench = new Bench(refusing, other);
        Assert.AreEqual("yes", (await bench.AskAsync()).Text);
        Assert.HasCount(1, refusing.All);

        using var alone = new Bench(refusing);
        var error = await Assert.ThrowsExactlyAsync<AssistantException>(() => alone.AskAsync());
        Assert.AreEqual(AssistantProblem.Misconfigured, error.Problem);
        Assert.Contains(words, error.Message);
        Assert.AreEqual(0, alone.Reserved);
    }

    [TestMethod]
    public async Task Who_is_silent_is_left_for_the_next_one()
    {
        await using var silent = await LanguageModelServer.StartAsync(Reply.Says("too late").After(TimeSpan.FromMinutes(1)));
        await using var other = await LanguageModelServer.StartAsync(Reply.Says("yes"));
        // Time for the other one on a machine that stalls.
        using var bench = new Bench(options => (options.Silence, options.MaxAttempts) = (TimeSpan.FromSeconds(10), 1), silent, other);

        Assert.AreEqual("yes", (await bench.AskAsync()).Text);
    }

    [TestMethod]
    public async Task The_calls_time_is_kept_whoever_is_asked()
    {
        await using var silent = await LanguageModelServer.StartAsync(Reply.Says("too late").After(TimeSpan.FromMinutes(1)));
        using var bench = new Bench(options => options.CallTime = TimeSpan.FromSeconds(2), silent);

        var error = await Assert.ThrowsExactlyAsync<AssistantException>(() => bench.AskAsync());

        Assert.AreEqual(AssistantProblem.TimeSpent, error.Problem);
        Assert.IsGreaterThan(0, bench.Used.Single().Asked, "It was asked, and may have read the question.");
    }

    [TestMethod]
    [DataRow("cut")]
    [DataRow("fades")]
    [DataRow("json")]
    [DataRow("html")]
    public async Task A_broken_answer_is_asked_for_again_while_nobody_has_heard_of_it(string how)
    {
        var broken = how switch
        {
            "cut" => Reply.BreaksOff("half of"),
            "fades" => Reply.Fades("half of"),
            "json" => Reply.Sends("data: {\"id\": \"c\", \"choices\": [{\"delta\": {\"content\": \n\n"),
            _ => Reply.Sends("<html>Not an API.</html>"),
        };
        await using var model = await LanguageModelServer.StartAsync(broken, Reply.Says("whole"));
        using var bench = new Bench(model);

        Assert.AreEqual("whole", (await bench.AskAsync()).Text);
        Assert.HasCount(2, model.All);
    }

    [TestMethod]
    public async Task An_answer_that_breaks_off_after_its_beginning_was_told_ends_the_call()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.BreaksOff(new string('a', 400)));
        await using var other = await LanguageModelServer.StartAsync(Reply.Says("another"));
        using var bench = new Bench(model, other);
        using var budget = bench.Budget();

        var error = await Assert.ThrowsExactlyAsync<AssistantException>(
            () => bench.Router.AskAsync([new ChatMessage(ChatRole.User, "?")], [], null, budget, bench.TextAsync));

        Assert.AreEqual(AssistantProblem.Interrupted, error.Problem);
        Assert.IsEmpty(other.All, "Two answers would be mixed.");
        Assert.AreEqual(0, bench.Reserved);
        Assert.IsTrue(bench.Used.Single().IsEstimated);
    }

    [TestMethod]
    public async Task A_refusal_is_an_answer_and_no_other_model_is_asked()
    {
        foreach (var reply in new[] { Reply.Refuses("I will not."), Reply.Says("…").Filtered() })
        {
            await using var model = await LanguageModelServer.StartAsync(reply);
            await using var other = await LanguageModelServer.StartAsync(Reply.Says("yes"));
            using var bench = new Bench(model, other);

            var error = await Assert.ThrowsExactlyAsync<AssistantException>(() => bench.AskAsync());

            Assert.AreEqual(AssistantProblem.Refused, error.Problem, error.Message);
            Assert.IsEmpty(other.All);
        }
    }

    [TestMethod]
    public async Task Escapes_that_steer_terminals_are_taken_out_of_answers()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Says("a\u001b[31mb\u202ec\nd"));
        using var bench = new Bench(model);

        Assert.AreEqual("a\ufffd[31mb\ufffdc\nd", (await bench.AskAsync()).Text);
    }

    [TestMethod]
    public async Task Each_task_has_its_own_route()
    {
        await using var one = await LanguageModelServer.StartAsync(Reply.Says("one"));
        await using var two = await LanguageModelServer.StartAsync(Reply.Says("two"));
        using var bench = new Bench(options => options.Routes.Draft.Add("model-1"), one, two);

        Assert.AreEqual("two", (await bench.AskAsync(AssistantTask.Draft)).Text);
        Assert.AreEqual("one", (await bench.AskAsync(AssistantTask.Explain)).Text);
    }

    [TestMethod]
    public async Task A_question_beyond_the_calls_tokens_is_not_sent()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Says("yes"));
        using var bench = new Bench(options => options.CallTokens = 1000, model);
        using var budget = bench.Budget();

        var error = await Assert.ThrowsExactlyAsync<AssistantException>(
            () => bench.Router.AskAsync([new ChatMessage(ChatRole.User, new string('a', 4000))], [], null, budget));

        Assert.AreEqual(AssistantProblem.TokensSpent, error.Problem);
        Assert.IsEmpty(model.All);
    }

    [TestMethod]
    public async Task The_greatest_length_of_an_answer_is_what_the_call_has_left()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Says("yes"));
        using var bench = new Bench(options => options.CallTokens = 1000, model);
        await bench.AskAsync();

        var body = model.All.Single().Body;
        Assert.IsInRange(900, 1000, (body["max_completion_tokens"] ?? body["max_tokens"])!.GetValue<int>());
    }

    [TestMethod]
    public async Task What_a_service_does_not_say_is_estimated_by_length()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Says(new string('a', 300)).WithoutUsage());
        using var bench = new Bench(model);

        Assert.AreEqual(new TokenUse(6, 100, true), (await bench.AskAsync()).Use);
    }

    [TestMethod]
    public async Task Neither_keys_nor_questions_nor_answers_are_logged_or_told_in_errors()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Fails(500), Reply.Fails(429), Reply.Fails(400), Reply.Says("Secret answer."));
        using var bench = new Bench(model);

        var error = await Assert.ThrowsExactlyAsync<AssistantException>(() => bench.AskAsync());
        await bench.AskAsync();

        Assert.Contains("model-0", bench.Logs);
        foreach (var secret in (string[])[Bench.Key, "Secret question", "Secret answer", "You sent"])
        {
            Assert.DoesNotContain(secret, bench.Logs);
            Assert.DoesNotContain(secret, $"{error}");
        }
    }

    [TestMethod]
    [DataRow("", ProviderPreset.OpenAi, "", "m", "k", "needs an Id")]
    [DataRow("a", ProviderPreset.OpenAi, "", "", "k", "needs a Model")]
    [DataRow("a", ProviderPreset.Groq, "", "m", "", "needs an ApiKey")]
    [DataRow("a", ProviderPreset.OpenAi, "http://models.example.org/v1", "m", "k", "without TLS")]
    [DataRow("a", ProviderPreset.OpenAi, "file:///etc/passwd", "m", "k", "no http or https")]
    [DataRow("a", ProviderPreset.Ollama, "http://10.0.0.7:11434/v1", "m", "", null)]
    [DataRow("a", ProviderPreset.Gemini, "", "m", "k", null)]
    public void What_a_provider_needs_is_said_at_the_start(string id, ProviderPreset preset, string address, string model, string key, string? problem)
    {
        var options = new AssistantOptions { Providers = { new ProviderOptions { Id = id, Preset = preset, Address = address, Model = model, ApiKey = key } } };
        var found = options.Validate(new ValidationContext(options)).ToList();

        if (problem is null) Assert.IsEmpty(found);
        else Assert.Contains(problem, found.Single().ErrorMessage!);
    }

    [TestMethod]
    public void Routes_name_providers_that_there_are()
    {
        var options = new AssistantOptions { Routes = { Chat = { "none" } } };
        Assert.AreEqual("Routes:Chat", options.Validate(new ValidationContext(options)).Single().MemberNames.Single());
    }

    [TestMethod]
    public async Task Attempts_that_failed_count_before_the_next_one_is_made()
    {
        var silent = Reply.Says("too late").After(TimeSpan.FromMinutes(1));
        await using var one = await LanguageModelServer.StartAsync(silent);
        await using var two = await LanguageModelServer.StartAsync(silent);
        using var bench = new Bench(
            options => (options.Silence, options.MaxAttempts, options.CallTokens, options.AnswerTokens) = (TimeSpan.FromSeconds(2), 3, 3_000, 200), one, two);
        using var budget = bench.Budget();
        ChatMessage[] messages = [new(ChatRole.User, new string('?', 3_000))];

        var error = await Assert.ThrowsExactlyAsync<AssistantException>(() => bench.Router.AskAsync(messages, [], null, budget));

        Assert.AreEqual(AssistantProblem.TokensSpent, error.Problem);
        Assert.AreEqual(2, one.All.Count + two.All.Count);
        Assert.AreEqual(0, bench.Reserved);
        Assert.IsLessThanOrEqualTo(3_000, bench.Used.Sum(use => use.Total));
    }

    [TestMethod]
    [DataRow(100, -1_000_000_000)]
    [DataRow(-5, 20)]
    [DataRow(100, 2_000_000_000)]
    public async Task Counts_that_cannot_be_are_estimated(int asked, int answered)
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Says("four words of answer").WithUsage(asked, answered));
        using var bench = new Bench(model);
        await bench.AskAsync();
        Assert.IsTrue(bench.Used.Single() is { IsEstimated: true, Total: > 0 and < 1_000 });
    }

    [TestMethod]
    public async Task A_service_that_sends_arguments_of_tools_without_end_is_not_listened_to()
    {
        await using var model = await LanguageModelServer.StartAsync(Reply.Calls(("look", $$"""{"name":"{{new string('a', 8 << 20)}}"}""")));
        using var bench = new Bench(options => (options.MaxAttempts, options.AnswerTokens) = (1, 500), model);
        var error = await Assert.ThrowsExactlyAsync<AssistantException>(() => bench.AskAsync());
        Assert.AreEqual(AssistantProblem.Unavailable, error.Problem);
    }
}
