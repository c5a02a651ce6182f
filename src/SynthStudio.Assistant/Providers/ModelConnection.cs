using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using SynthStudio.Assistant.Conversations;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace SynthStudio.Assistant.Providers;

/// <summary>
/// One model at one service, spoken to by OpenAI's protocol of chat completions, streaming. Follows no redirects, repeats nothing by itself, logs nothing, and
/// sends to no other address than the operator's.
/// </summary>
internal sealed class ModelConnection : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly IChatClient _client;
    private readonly AssistantOptions _options;
    private readonly TimeProvider _time;

    public ModelConnection(ProviderOptions provider, AssistantOptions options, TimeProvider time)
    {
        (Provider, _options, _time) = (provider, options, time);
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectLimit,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), ActivityHeadersPropagator = null,
        };
        _http = new HttpClient(new BoundedAnswers(sockets, BoundedAnswers.Of(options.AnswerTokens)))
        {
            Timeout = Timeout.InfiniteTimeSpan, // The silence is limited instead.
        };
        var client = new OpenAIClient(new ApiKeyCredential(provider.ApiKey.Length > 0 ? provider.ApiKey : "none"), new OpenAIClientOptions
        {
            Endpoint = provider.AddressUri,
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
            EnableDistributedTracing = false,
        });
        _client = client.GetChatClient(provider.Model).AsIChatClient();
    }

    public ProviderOptions Provider { get; }

    /// <summary>Asks once.</summary>
    /// <param name="messages">What is asked.</param>
    /// <param name="chat">Tools, form and greatest length.</param>
    /// <param name="onText">Told each piece of the answer as it comes; null for nobody.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ProviderException">There is no whole answer.</exception>
    /// <exception cref="AssistantException">The model declines.</exception>
    public async Task<ModelAnswer> AskAsync(IReadOnlyList<ChatMessage> messages, ChatOptions chat, Func<string, Task>? onText, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_options.Silence, _time);
        using var joined = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var reader = new AnswerReader(chat.MaxOutputTokens ?? _options.AnswerTokens);
        var updates = _client.GetStreamingResponseAsync(messages, chat, joined.Token).GetAsyncEnumerator(joined.Token);
        try
        {
            while (await NextAsync(updates, limit, cancellation))
            {
                var text = reader.Take(updates.Current);
                limit.CancelAfter(Timeout.InfiniteTimeSpan); // A caller who takes pieces slowly is not the provider's silence.
                if (text.Length > 0 && onText is not null) await onText(text);
                limit.CancelAfter(_options.Silence);
            }
        }
        finally
        {
            await CloseAsync(updates);
        }

        return reader.End(Provider, PromptLength(messages));
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    /// <summary>Characters of what a tool is called with.</summary>
    private static long ArgumentsLength(FunctionCallContent call) =>
        call.Name.Length + (call.Arguments?.Sum(a => a.Key.Length + (a.Value?.ToString()?.Length ?? 0)) ?? 0);

    /// <summary>Characters of what is asked.</summary>
    internal static long PromptLength(IEnumerable<ChatMessage> messages) => messages.Sum(message => message.Contents.Sum(content => content switch
    {
        TextContent text => (long)text.Text.Length,
        FunctionResultContent result => result.Result?.ToString()?.Length ?? 0,
        FunctionCallContent call => ArgumentsLength(call),
        _ => 0L,
    }));

    /// <summary>
    /// Whatever a library makes of what a service sends, an attempt fails in one of few ways: none of
    /// them is our fault, and none tells what was sent.
    /// </summary>
    private async Task<bool> NextAsync(
        IAsyncEnumerator<ChatResponseUpdate> updates, CancellationTokenSource limit, CancellationToken cancellation)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (ClientResultException e) when (e.Status > 0)
        {
            throw Failure(e);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (Exception e) when (limit.IsCancellationRequested)
        {
            throw new ProviderException(ProviderFailure.Slow, e);
        }
        catch (Exception e) when (e is ClientResultException or HttpRequestException { HttpRequestError: not HttpRequestError.ResponseEnded })
        {
            throw new ProviderException(ProviderFailure.Away, e);
        }
        catch (Exception e)
        {
            throw new ProviderException(ProviderFailure.Broken, e);
        }
    }

    private static async Task CloseAsync(IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        try
        {
            await updates.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // The connection is gone already, which reading it has told.
        }
    }

    private ProviderException Failure(ClientResultException error) => new(
        error.Status switch
        {
            429 => ProviderFailure.RateLimited,
            408 or >= 500 => ProviderFailure.Away,
            401 or 403 => ProviderFailure.KeyRefused,
            >= 400 => ProviderFailure.Rejected,
            _ => ProviderFailure.Broken,
        },
        error,
        RetryAfter(error.GetRawResponse()));

    private TimeSpan? RetryAfter(PipelineResponse? response)
    {
        if (response is null || !response.Headers.TryGetValue("Retry-After", out var text)) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
            return seconds is >= 0 and < 86_400 ? TimeSpan.FromSeconds(seconds) : null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var moment)
            && moment - _time.GetUtcNow() is { Ticks: > 0 } wait
                ? wait
                : null;
    }

    /// <summary>Puts the pieces of an answer together.</summary>
    /// <param name="mostTokens">A service that sends much more than was allowed is not listened to.</param>
    private sealed class AnswerReader(int mostTokens)
    {
        private const int CharactersPerToken = 16, MostTokensPerCharacter = 4, ItsOwn = 100_000;

        private readonly StringBuilder _text = new();
        private readonly List<FunctionCallContent> _calls = [];
        private readonly StringBuilder _refusal = new();
        private ChatFinishReason? _end;
        private UsageDetails? _usage;

        /// <summary>Takes a piece, and answers its text.</summary>
        public string Take(ChatResponseUpdate update)
        {
            foreach (var content in update.Contents)
            {
                if (content is FunctionCallContent call) _calls.Add(call);
                else if (content is UsageContent usage) _usage = usage.Details;
            }

            // The abstraction has no word for it.
            if (update.RawRepresentation is StreamingChatCompletionUpdate { RefusalUpdate: { } refusal }) _refusal.Append(refusal);
            _end = update.FinishReason ?? _end;
            var text = HarmlessText.Clean(update.Text);
            _text.Append(text);
            return _text.Length + _refusal.Length <= (long)mostTokens * CharactersPerToken ? text : throw new ProviderException(ProviderFailure.Broken);
        }

        public ModelAnswer End(ProviderOptions provider, long promptLength)
        {
            if (_end is null) throw new ProviderException(ProviderFailure.Broken); // Streams say why they end; this one broke off.
            if (_refusal.Length > 0) throw new AssistantException(AssistantProblem.Refused, $"The model declines: {HarmlessText.Clean(_refusal.ToString())}");
            if (_end == ChatFinishReason.ContentFilter)
                throw new AssistantException(AssistantProblem.Refused, $"{provider.Id} withholds the answer by its own rules.");
            var answeredLength = _text.Length + _calls.Sum(ArgumentsLength);
            var use = _usage is { InputTokenCount: { } asked, OutputTokenCount: { } answered }
                && IsPlausible(asked, promptLength) && IsPlausible(answered, answeredLength)
                ? new TokenUse(asked, answered, IsEstimated: false)
                : new TokenUse(TokenUse.Estimate(promptLength), TokenUse.Estimate(answeredLength), IsEstimated: true);
            return new ModelAnswer(provider.Id, provider.Model, _text.ToString(), _calls, use, _end == ChatFinishReason.Length);
        }

        /// <summary>
        /// Whether a service may have counted so many tokens: none for no text, and those of its own
        /// instructions and thoughts beside those of the text.
        /// </summary>
        private bool IsPlausible(long tokens, long characters) =>
            tokens >= Math.Min(characters / CharactersPerToken, 1) && tokens <= (characters + mostTokens) * MostTokensPerCharacter + ItsOwn;
    }
}
