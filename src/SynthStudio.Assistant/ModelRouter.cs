using SynthStudio.Assistant.Budgets;
using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant;

/// <summary>Asks the models of a route, one after the other, each again after a pause while that may help, within the call's budget.</summary>
public sealed class ModelRouter : IDisposable
{
    private static readonly TimeSpan RetryLater = TimeSpan.FromSeconds(30);

    private readonly AssistantOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelRouter> _log;
    private readonly Dictionary<string, ModelConnection> _connections;

    public ModelRouter(AssistantOptions options, TimeProvider time, ILogger<ModelRouter> log)
    {
        (_options, _time, _log) = (options, time, log);
        _connections = options.Providers.ToDictionary(
            provider => provider.Id, provider => new ModelConnection(provider, options, time), StringComparer.Ordinal);
    }

    /// <summary>Asks until somebody answers.</summary>
    /// <param name="messages">What is asked.</param>
    /// <param name="tools">Tools that the model may ask for; empty for none.</param>
    /// <param name="form">The form of the answer; null for words.</param>
    /// <param name="budget">Of the call; says the task, and so who is asked.</param>
    /// <param name="onText">Told the answer piece by piece as it comes. Once it was told something no other model is asked. Null for whole answers.</param>
    /// <exception cref="AssistantException">Nobody answers, or a budget is spent.</exception>
    public async Task<ModelAnswer> AskAsync(
        IReadOnlyList<ChatMessage> messages, IReadOnlyList<AITool> tools, ChatResponseFormat? form, CallBudget budget, Func<string, Task>? onText = null)
    {
        await using var turn = await budget.BeginAsync(messages);
        var chat = new ChatOptions { MaxOutputTokens = turn.AnswerTokens, ResponseFormat = form, Temperature = 0, Tools = tools.Count > 0 ? [.. tools] : null };
        var failures = new List<(string Provider, ProviderException Failure)>();
        try
        {
            foreach (var provider in _options.RouteOf(budget.Task))
            {
                var question = new Question(messages, chat, onText);
                if (await AskAsync(_connections[provider.Id], question, budget, turn, failures) is { } answer) return answer;
            }
        }
        catch (OperationCanceledException e)
        {
            throw budget.Over(e);
        }

        throw NobodyAnswers(failures);
    }

    public void Dispose()
    {
        foreach (var connection in _connections.Values) connection.Dispose();
    }

    /// <summary>Asks one provider; null when it does not answer.</summary>
    private async Task<ModelAnswer?> AskAsync(
        ModelConnection connection, Question question, CallBudget budget, CallBudget.Turn turn, List<(string Provider, ProviderException Failure)> failures)
    {
        for (var attempt = 1; ; attempt++)
        {
            await turn.RequireAsync();
            var began = _time.GetTimestamp();
            try
            {
                var answer = await connection.AskAsync(
                    question.Messages, question.Chat, question.OnText is null ? null : question.TellAsync, budget.Cancellation);
                turn.Take(answer.Use);
                _log.Answered(
                    answer.Provider, budget.Task, (long)_time.GetElapsedTime(began).TotalMilliseconds,
                    answer.Use.Asked, answer.Use.Answered);
                return answer;
            }
            catch (ProviderException e)
            {
                // A service that began to answer, or was still at it, has read the question.
                if (e.Failure is ProviderFailure.Broken or ProviderFailure.Slow) turn.Take(question.Estimate());
                _log.AttemptFailed(connection.Provider.Id, budget.Task, attempt, e.Failure);
                if (question.Told > 0)
                    throw new AssistantException(AssistantProblem.Interrupted, $"The answer of {connection.Provider.Id} broke off in the middle. Ask again.");
                var pause = e.RetryAfter ?? _options.FirstRetry * Math.Pow(2, attempt - 1);
                if (!e.MayPass || attempt == _options.MaxAttempts || pause >= budget.TimeLeft)
                {
                    failures.Add((connection.Provider.Id, e));
                    return null;
                }

                await Task.Delay(pause, _time, budget.Cancellation);
            }
            catch (Exception)
            {
                turn.Take(question.Estimate()); // Refused, given up while it was at work, or nobody takes the answer any more.
                throw;
            }
        }
    }

    private static AssistantException NobodyAnswers(List<(string Provider, ProviderException Failure)> failures)
    {
        var words = string.Join("; ", failures.Select(f => $"{f.Provider} {f.Failure.Words}"));
        return failures.Any(f => f.Failure.MayPass)
            ? new AssistantException(
                AssistantProblem.Unavailable, $"No language model answers now: {words}. Try again later.", failures.Where(f => f.Failure.MayPass).Min(f => f.Failure.RetryAfter) ?? RetryLater)
            : new AssistantException(AssistantProblem.Misconfigured, $"No language model can be used: {words}. The operator sets them right in SynthStudio:Api:Assistant:Providers.");
    }

    /// <summary>What is asked, and how much of an answer was told already.</summary>
    private sealed record Question(IReadOnlyList<ChatMessage> Messages, ChatOptions Chat, Func<string, Task>? OnText)
    {
        public long Told { get; private set; }

        public async Task TellAsync(string text)
        {
            Told += text.Length;
            await OnText!(text);
        }

        public TokenUse Estimate() => new(TokenUse.Estimate(ModelConnection.PromptLength(Messages)), TokenUse.Estimate(Told), IsEstimated: true);
    }
}
