using System.Text;
using Microsoft.Extensions.Logging;
using SynthStudio.Assistant.Budgets;
using SynthStudio.Assistant.Conversations;
using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant.Tests;

/// <summary>A router over played models, with a meter and logs that remember.</summary>
internal sealed class Bench : ITokenMeter, IConversationListener, ILoggerProvider, IDisposable
{
    public const string Key = "sk-very-secret";

    private readonly StringBuilder _logs = new();
    private readonly ILoggerFactory _factory;

    public Bench(params LanguageModelServer[] servers)
        : this(_ => { }, servers)
    {
    }

    public Bench(Action<AssistantOptions> configure, params LanguageModelServer[] servers)
    {
        Options = new AssistantOptions { FirstRetry = TimeSpan.FromMilliseconds(10) };
        foreach (var (i, server) in servers.Index())
            Options.Providers.Add(new ProviderOptions { Id = $"model-{i}", Preset = ProviderPreset.OpenAi, Address = server.Address, Model = "played", ApiKey = Key });
        configure(Options);
        _factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(this));
        Router = new ModelRouter(Options, TimeProvider.System, _factory.CreateLogger<ModelRouter>());
        Conversation = new Conversation(Router, Options, _factory.CreateLogger<Conversation>());
        Question = new JsonQuestion(Router, Options, _factory.CreateLogger<JsonQuestion>());
    }

    public AssistantOptions Options { get; }

    public ModelRouter Router { get; }

    public Conversation Conversation { get; }

    public JsonQuestion Question { get; }

    /// <summary>Tokens that are set aside and not settled.</summary>
    public long Reserved { get; private set; }

    /// <summary>Tokens that were taken, question by question.</summary>
    public List<TokenUse> Used { get; } = [];

    /// <summary>What was told as it came.</summary>
    public StringBuilder Told { get; } = new();

    /// <summary>The tools that were told.</summary>
    public List<ToolUse> Tools { get; } = [];

    public string Logs => _logs.ToString();

    public CallBudget Budget(AssistantTask task = AssistantTask.Chat, CancellationToken caller = default) =>
        new("projects/p", task, Options, this, TimeProvider.System, caller);

    /// <summary>Asks something, whole.</summary>
    public async Task<ModelAnswer> AskAsync(AssistantTask task = AssistantTask.Chat)
    {
        using var budget = Budget(task);
        return await Router.AskAsync([new ChatMessage(ChatRole.User, "Secret question?")], [], null, budget);
    }

    public Task<TokenReservation> ReserveAsync(string project, long tokens, CancellationToken cancellation)
    {
        Reserved += tokens;
        return Task.FromResult(new TokenReservation(project, new DateOnly(2026, 11, 1), tokens));
    }

    public Task SettleAsync(TokenReservation reservation, AssistantTask task, TokenUse use)
    {
        Reserved -= reservation.Tokens;
        Used.Add(use);
        return Task.CompletedTask;
    }

    public Task TextAsync(string text)
    {
        Told.Append(text);
        return Task.CompletedTask;
    }

    public Task ToolAsync(ToolUse use)
    {
        Tools.Add(use);
        return Task.CompletedTask;
    }

    public ILogger CreateLogger(string categoryName) => new Recorder(_logs);

    public void Dispose()
    {
        Router.Dispose();
        _factory.Dispose();
    }

    private sealed class Recorder(StringBuilder logs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (logs) logs.AppendLine($"{formatter(state, exception)} {exception}");
        }
    }
}
