using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant;

/// <summary>Every log message of the assistant: names, codes and figures; never what was asked or answered, nor a key.</summary>
internal static partial class AssistantLog
{
    [LoggerMessage(3001, LogLevel.Information, "{Provider} answered {AssistantTask} in {Milliseconds} ms: {Asked} tokens asked, {Answered} answered")]
    public static partial void Answered(this ILogger log, string provider, AssistantTask assistantTask, long milliseconds, long asked, long answered);

    [LoggerMessage(3002, LogLevel.Warning, "{Provider} did not answer {AssistantTask}, attempt {Attempt}: {Failure}")]
    public static partial void AttemptFailed(this ILogger log, string provider, AssistantTask assistantTask, int attempt, ProviderFailure failure);

    [LoggerMessage(3003, LogLevel.Warning, "An answer to {AssistantTask} was not as it has to be, round {Round}: {Problems} problems")]
    public static partial void Repairing(this ILogger log, AssistantTask assistantTask, int round, int problems);

    [LoggerMessage(3004, LogLevel.Warning, "A model asked for tools {Rounds} times and was told to answer")]
    public static partial void ToolsEnded(this ILogger log, int rounds);
}
