namespace SynthStudio.Testing.LanguageModels;

/// <summary>What a played language model answers to one request.</summary>
public sealed record Reply
{
    /// <summary>HTTP status; other than 200 nothing else of it is sent but an error.</summary>
    public int Status { get; private init; } = 200;

    /// <summary>Words, streamed piece by piece.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Tools that it asks for: name and arguments, as they are sent.</summary>
    public IReadOnlyList<(string Name, string Arguments)> Tools { get; private init; } = [];

    /// <summary>A refusal in words.</summary>
    public string RefusalText { get; private init; } = "";

    /// <summary>Time before the first byte.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>Seconds of the header Retry-After; null sends none.</summary>
    public int? RetryAfter { get; private init; }

    /// <summary>The connection is cut after the words, in the middle of the stream.</summary>
    public bool IsCut { get; private init; }

    /// <summary>The stream ends after the words, without saying why.</summary>
    public bool HasNoEnd { get; private init; }

    /// <summary>Lines that are sent instead of a stream of the protocol; null for none.</summary>
    public string? Raw { get; private init; }

    /// <summary>Tokens that are said to be asked and answered; null says nothing.</summary>
    public (int Asked, int Answered)? Usage { get; private init; } = (100, 20);

    /// <summary>Why the stream ends.</summary>
    public string FinishReason { get; private init; } = "stop";

    public static Reply Says(string text) => new() { Text = text };

    public static Reply Calls(params (string Name, string Arguments)[] tools) => new() { Tools = tools, FinishReason = "tool_calls" };

    public static Reply Refuses(string text) => new() { RefusalText = text };

    public static Reply Fails(int status, int? retryAfter = null) => new() { Status = status, RetryAfter = retryAfter };

    /// <summary>Begins, and breaks off.</summary>
    public static Reply BreaksOff(string text) => new() { Text = text, IsCut = true };

    /// <summary>Ends as if all were said, but does not say so.</summary>
    public static Reply Fades(string text) => new() { Text = text, HasNoEnd = true };

    /// <summary>A stream of anything.</summary>
    public static Reply Sends(string raw) => new() { Raw = raw };

    /// <summary>The answer is cut at its greatest length.</summary>
    public Reply TooLong() => this with { FinishReason = "length" };

    /// <summary>The service's own rules withhold the answer.</summary>
    public Reply Filtered() => this with { FinishReason = "content_filter" };

    public Reply After(TimeSpan delay) => this with { Delay = delay };

    public Reply WithUsage(int asked, int answered) => this with { Usage = (asked, answered) };

    public Reply WithoutUsage() => this with { Usage = null };
}
