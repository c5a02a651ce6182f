using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant.Budgets;

/// <summary>What one call may still take of time and tokens. A call uses it for one turn at a time.</summary>
public sealed class CallBudget : IDisposable
{
    /// <summary>An answer that could not be longer is not worth its question.</summary>
    private const int LeastAnswer = 64;

    /// <summary>Tokens around each message that nobody sees.</summary>
    private const int Overhead = 16;

    private readonly AssistantOptions _options;
    private readonly ITokenMeter _meter;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly CancellationTokenSource _limit;
    private readonly CancellationToken _caller;

    /// <param name="project">Whose month the tokens are of.</param>
    /// <param name="task">What they are for.</param>
    /// <param name="options">How much a call may take.</param>
    /// <param name="meter">Keeps what the project takes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="caller">Cancelled when the caller leaves.</param>
    public CallBudget(string project, AssistantTask task, AssistantOptions options, ITokenMeter meter, TimeProvider time, CancellationToken caller)
    {
        (Project, Task, _options, _meter, _time, _began, _caller) = (project, task, options, meter, time, time.GetTimestamp(), caller);
        _limit = new CancellationTokenSource(options.CallTime, time);
        Linked = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, caller);
    }

    public string Project { get; }

    public AssistantTask Task { get; }

    /// <summary>What was taken so far.</summary>
    public TokenUse Used { get; private set; }

    /// <summary>Cancelled when the time is over or the caller leaves.</summary>
    public CancellationToken Cancellation => Linked.Token;

    public TimeSpan TimeLeft => _options.CallTime - _time.GetElapsedTime(_began) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    private CancellationTokenSource Linked { get; }

    /// <summary>What a cancelled wait is to be told as: the call's time, unless the caller left.</summary>
    public Exception Over(OperationCanceledException cancelled) => _limit.IsCancellationRequested && !_caller.IsCancellationRequested
        ? new AssistantException(AssistantProblem.TimeSpent, $"There was no whole answer within {_options.CallTime.TotalSeconds:0.#} s (SynthStudio:Api:Assistant:CallTime).")
        : cancelled;

    /// <summary>Sets tokens aside for a turn.</summary>
    /// <exception cref="AssistantException">The call has not so many left.</exception>
    internal async Task<Turn> BeginAsync(IReadOnlyList<ChatMessage> messages)
    {
        var asked = TokenUse.Estimate(ModelConnection.PromptLength(messages)) + (messages.Count * Overhead);
        var answer = (int)Math.Min(LeftAfter(asked, Used), _options.AnswerTokens);
        return new Turn(this, asked, answer, await ReserveAsync(asked + answer));
    }

    /// <summary>Tokens that the call has left for an answer.</summary>
    /// <exception cref="AssistantException">Too few.</exception>
    private long LeftAfter(long asked, TokenUse used) => _options.CallTokens - used.Total - asked is var left and >= LeastAnswer
        ? left
        : throw new AssistantException(
            AssistantProblem.TokensSpent, $"The call would take more than {_options.CallTokens} tokens (SynthStudio:Api:Assistant:CallTokens): ask about less at once.");

    private Task<TokenReservation> ReserveAsync(long tokens) => _meter.ReserveAsync(Project, tokens, Cancellation);

    public void Dispose()
    {
        Linked.Dispose();
        _limit.Dispose();
    }

    /// <summary>One question that may be sent. What is not said to have been taken when it ends counts as nothing.</summary>
    /// <param name="budget">Of the call.</param>
    /// <param name="asked">Tokens of the question.</param>
    /// <param name="answerTokens">How long the answer may be.</param>
    /// <param name="reservation">What is set aside for both.</param>
    internal sealed class Turn(CallBudget budget, long asked, int answerTokens, TokenReservation reservation) : IAsyncDisposable
    {
        private readonly List<TokenReservation> _more = [];
        private TokenUse _use, _reserved;

        public int AnswerTokens => answerTokens;

        /// <summary>Counts what an attempt took; a failed one may have taken some too.</summary>
        public void Take(TokenUse use) => _use += use;

        /// <summary>To be asked before each attempt: what failed ones took is gone, so that as much is set aside again.</summary>
        /// <exception cref="AssistantException">The call has not so many left.</exception>
        public async Task RequireAsync()
        {
            if (_use == _reserved) return;
            budget.LeftAfter(asked + answerTokens - LeastAnswer, budget.Used + _use);
            _more.Add(await budget.ReserveAsync(asked + answerTokens));
            _reserved = _use;
        }

        public async ValueTask DisposeAsync()
        {
            budget.Used += _use;
            await budget._meter.SettleAsync(reservation, budget.Task, _use);
            foreach (var more in _more) await budget._meter.SettleAsync(more, budget.Task, default);
        }
    }
}
