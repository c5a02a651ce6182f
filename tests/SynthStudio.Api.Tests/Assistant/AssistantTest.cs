using System.Collections.Concurrent;
using SynthStudio.Assistant.Providers;
using SynthStudio.Catalog;
using SynthStudio.Testing.LanguageModels;

namespace SynthStudio.Api.Tests.Assistant;

/// <summary>A test against a server whose language model is played, and says what the test's script has it say. The tests of a class share one.</summary>
public abstract class AssistantTest
{
    /// <summary>A value of the real table, of which no model may hear.</summary>
    protected const string RealValue = "ada@secret.example";

    private static readonly ConcurrentDictionary<Type, Lazy<Task<(ApiServer Server, LanguageModelServer Model)>>> Shared = new();
    private static readonly ConcurrentDictionary<Type, AssistantTest> Running = new();

    private CancellationTokenSource? _limit;

    public TestContext TestContext { get; set; } = null!;

    protected ApiServer Server { get; private set; } = null!;

    protected LanguageModelServer Model { get; private set; } = null!;

    protected CancellationToken Cancellation => _limit!.Token;

    /// <summary>What the model answers to a request and its number.</summary>
    protected Func<Asked, int, Reply> Script { get; set; } = (_, _) => Reply.Says("Nothing.");

    [TestInitialize]
    public async Task StartAsync()
    {
        _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.CancellationToken);
        await Midnight.LetPassAsync(TestContext.CancellationToken);
        _limit.CancelAfter(TimeSpan.FromMinutes(5));
        Running[GetType()] = this;
        (Server, Model) = await Shared.GetOrAdd(GetType(), type => new(() => StartAsync(type))).Value;
        Model.Reset();
    }

    [TestCleanup]
    public void CheckLogs()
    {
        var unexpected = Server.Logs.TakeUnexpected();
        _limit!.Dispose();
        if (unexpected.Count > 0) Assert.Fail(string.Join(Environment.NewLine, unexpected));
    }

    private static async Task<(ApiServer Server, LanguageModelServer Model)> StartAsync(Type test)
    {
        var model = await LanguageModelServer.StartAsync((asked, number) => Running[test].Script(asked, number));
        var server = await ApiServer.StartAsync(options =>
        {
            options.Assistant.Providers[0] = new() { Id = "played", Preset = ProviderPreset.OpenAi, Address = model.Address, Model = "m", ApiKey = "sk-very-secret" };
            (options.Assistant.FirstRetry, options.Assistant.MaxAttempts, options.Assistant.RepairRounds) = (TimeSpan.FromMilliseconds(10), 2, 2);
        });
        return (server, model);
    }

    /// <summary>A project whose data set has a schema with values in it, a profile and a preview.</summary>
    protected async Task<Tenant> TenantAsync()
    {
        var tenant = await Tenant.CreateAsync(Server);
        var datasets = Server.Get<DatasetStore>();
        var dataset = (await datasets.FindAsync(tenant.Dataset))!;
        await datasets.UpdateAsync(dataset with
        {
            SchemaJson = $$$"""{"columns":{"mail":{"kind":"categorical","values":["{{{RealValue}}}"]},"age":"integer"}}""",
            Profile = await Server.Worker.PutAsync($$$"""{"rows":3,"columns":[{"name":"mail","kind":"categorical","top":["{{{RealValue}}}"]}]}"""),
            Preview = await Server.Worker.PutAsync($$"""{"columns":["mail","age"],"rows":[["{{RealValue}}","41"]]}"""),
            RowCount = 3,
        });
        return tenant;
    }

    /// <summary>Asks one question, and answers all that came.</summary>
    protected async Task<Chat> ChatAsync(ApiClient client, string project, string question)
    {
        using var call = client.Assistant.ChatAboutProject(
            new() { Parent = project, Turns = { new V1.ChatTurn { Role = V1.ChatRole.User, Text = question } } }, cancellationToken: Cancellation);
        return await Chat.ReadAsync(call.ResponseStream, Cancellation);
    }

    /// <summary>Expects an error, and answers its reason.</summary>
    protected static async Task<string> RefusedAsync(StatusCode code, Func<Task> call)
    {
        var error = await Assert.ThrowsExactlyAsync<RpcException>(call);
        Assert.AreEqual(code, error.StatusCode, error.Status.Detail);
        return error.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason;
    }
}

/// <summary>An answer that came in pieces.</summary>
public sealed record Chat(string Text, IReadOnlyList<V1.AssistantToolUse> Tools, V1.AssistantEnd? End)
{
    public static async Task<Chat> ReadAsync(IAsyncStreamReader<V1.AssistantEvent> stream, CancellationToken cancellation)
    {
        var (text, tools, end) = ("", new List<V1.AssistantToolUse>(), (V1.AssistantEnd?)null);
        await foreach (var piece in stream.ReadAllAsync(cancellation))
        {
            text += piece.Text;
            if (piece.ToolUse is { } tool) tools.Add(tool);
            end = piece.End ?? end;
        }

        return new Chat(text, tools, end);
    }
}
